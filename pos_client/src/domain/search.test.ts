import { describe, expect, it } from "vitest";
import type { CatalogueItem } from "../store/db";
import { CatalogueIndex, commonTitle, fold, variantDetail } from "./search";

function item(sku: string, changes: Partial<CatalogueItem> = {}): CatalogueItem {
  return {
    sku, productId: sku, barcode: null, name: sku, brand: null, kind: "ACCESSORY", category: "Accessories", attributes: [], price: "1.00", taxRate: "0",
    serialised: false, quantity: 1, ...changes,
  };
}

const colour = (value: string) => [{ name: "colour", label: "Colour", values: [value] }, { name: "storage", label: "Storage", values: ["64 GB"] }];
const index = new CatalogueIndex([
  item("G45-S", { productId: "g45", name: "Motorola moto g45 5G, Silver", brand: "Motorola", kind: "DEVICE", category: "Phones", attributes: colour("Silver") }),
  item("G45-B", { productId: "g45", name: "Motorola moto g45 5G, Blue", brand: "Motorola", category: "Phones", attributes: colour("Blue"), barcode: "0012345678905" }),
  item("CASE", { name: "Étui transparent for moto g45", quantity: 9 }),
  item("手机壳", { name: "透明手机壳", quantity: 3 }),
]);
const found = (text: string, category: string | null = null) => index.search(text, category, 10).map((group) => group.productId);

describe("the search", () => {
  it("finds by beginnings of words in any order, titles first", () => {
    expect(found("mot g4")).toEqual(["g45", "CASE"]);
    expect(found("etui")).toEqual(["CASE"]);
    expect(found("blue")).toEqual(["g45"]);
    expect(found("手机")).toEqual(["手机壳"]);
    expect(found("nothing like it")).toEqual([]);
  });

  it("keeps to a category and lists everything without words", () => {
    expect(found("g45", "Phones")).toEqual(["g45"]);
    expect(found("")).toHaveLength(3);
    expect(index.categories).toEqual(["Phones", "Accessories"]);
  });

  it("knows codes in every length of a GTIN", () => {
    expect(index.findCode("12345678905")?.sku).toBe("G45-B");
    expect(index.findCode("00012345678905")?.sku).toBe("G45-B");
    expect(index.findCode("g45-s")?.sku).toBe("G45-S");
    expect(index.findCode("12345678906")).toBeUndefined();
  });
});

describe("names", () => {
  it("of variants share a title and differ in detail", () => {
    const group = index.group("g45")!;
    expect(group.title).toBe("Motorola moto g45 5G");
    expect(group.items.map((variant) => variantDetail(variant, group))).toEqual(["Blue", "Silver"]);
    expect(commonTitle(["A b", "C d"])).toBe("A b");
    expect(fold("Étui-X  100%")).toBe("etui x 100");
  });
});
