/** How long the till's search takes on 5,000 items: `npx vitest bench --project pos`. */

import { bench, describe } from "vitest";
import type { CatalogueItem } from "../store/db";
import { CatalogueIndex } from "./search";

const BRANDS = ["Google Pixel", "Samsung Galaxy", "Motorola moto", "Xiaomi Redmi", "OnePlus Nord", "Sony Xperia", "Nokia", "Fairphone"];
const COLOURS = ["Black", "Coral", "Silver", "Midnight blue", "Pearl white"];
const SIZES = ["64 GB", "128 GB", "256 GB", "512 GB", "1 TB"];

function catalogue(count: number): CatalogueItem[] {
  return Array.from({ length: count }, (_, number) => {
    const [colour, storage] = [COLOURS[number % 5]!, SIZES[Math.floor(number / 5) % 5]!];
    const product = Math.floor(number / 10);
    const brand = BRANDS[product % BRANDS.length]!;
    const name = product % 3 === 0 ? `Halden case for ${brand} ${product}` : `${brand} ${product} Pro`;
    return {
      sku: `SKU-${number}`, productId: `p${product}`, barcode: String(2_000_000_000_000 + number), name: `${name}, ${storage}, ${colour}`, brand: brand.split(" ")[0]!,
      kind: product % 3 === 0 ? "ACCESSORY" : "DEVICE", category: product % 3 === 0 ? "Cases" : "Phones", price: "99.00", taxRate: "0.0825", serialised: product % 3 !== 0,
      quantity: number % 7, attributes: [{ name: "colour", label: "Colour", values: [colour] }, { name: "storage", label: "Storage", values: [storage] }],
    };
  });
}

const items = catalogue(5_000);
const index = new CatalogueIndex(items);

describe("5,000 items", () => {
  bench("building the index", () => void new CatalogueIndex(items), { iterations: 5 });
  bench("nothing typed", () => void index.search("", {}, 48));
  bench("one letter", () => void index.search("p", {}, 48));
  bench("words and filters", () => void index.search("galaxy 128gb black", { brand: ["Samsung"], stock: ["here"] }, 48));
  bench("mistyped", () => void index.search("galxy prro", {}, 48));
  bench("nothing like it", () => void index.search("qqqqqqqq zzzzzzzz", {}, 48));
});
