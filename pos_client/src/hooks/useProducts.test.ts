import { expect, it, vi } from "vitest";
import { CatalogueIndex } from "../domain/search";
import type { CatalogueItem } from "../store/db";
import { recommended } from "./useProducts";

vi.mock("../app/till", () => ({}));
vi.mock("./useData", () => ({}));

function item(sku: string): CatalogueItem {
  return { sku, productId: `p-${sku}`, barcode: null, name: sku, brand: null, kind: "ACCESSORY", category: null, attributes: [], price: "1.00", taxRate: "0", serialised: false, quantity: 1 };
}

const index = new CatalogueIndex([item("A"), item("B")]);

it("recommends what this register knows, in the merchandiser's order, and shows no empty group", () => {
  const spotlights = [
    { rule: "r1", title: "To go with it", productIds: ["p-B", "p-gone", "p-A"] },
    { rule: "r2", title: "Gone", productIds: ["p-gone"] },
  ];
  const found = recommended(index, { spotlights });
  expect(found.map(({ rule, title, hits }) => [rule, title, hits.map(({ items }) => items.map(({ sku }) => sku))])).toEqual([["r1", "To go with it", [["B"], ["A"]]]]);
  expect(recommended(index, null)).toEqual([]);
});
