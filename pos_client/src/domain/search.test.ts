import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CatalogueItem } from "../store/db";
import { type Chosen, FACETS, HERE, toggled } from "./facets";
import { commonTitle, variantDetail } from "./groups";
import { CatalogueIndex } from "./search";
import { distanceToStart, fold, initialsOf, wordsOf } from "./words";

function item(sku: string, changes: Partial<CatalogueItem> = {}): CatalogueItem {
  return {
    sku, productId: sku, barcode: null, name: sku, brand: null, kind: "ACCESSORY", category: "Accessories", attributes: [], price: "1.00", taxRate: "0",
    serialised: false, quantity: 1, ...changes,
  };
}

function device(sku: string, productId: string, name: string, brand: string, colour: string, storage: string, changes: Partial<CatalogueItem> = {}): CatalogueItem {
  const attributes = [{ name: "colour", label: "Colour", values: [colour] }, { name: "storage", label: "Storage", values: [storage] }];
  return item(sku, { productId, name: `${name}, ${storage}, ${colour}`, brand, kind: "DEVICE", category: "Phones", attributes, serialised: true, ...changes });
}

const index = new CatalogueIndex([
  item("CASE-P9", { name: "Halden clear case for Google Pixel 9", brand: "Halden", category: "Cases", quantity: 50 }),
  item("CASE-45", { name: "Étui transparent for moto g45", category: "Cases", quantity: 9 }),
  device("P9-CB", "p9", "Google Pixel 9", "Google", "Coral", "128 GB", { quantity: 0 }),
  device("P9-BB", "p9", "Google Pixel 9", "Google", "Black", "256 GB", { quantity: 2 }),
  device("P9P-BB", "p9p", "Google Pixel 9 Pro", "Google", "Black", "256 GB", { quantity: 4 }),
  device("G45-S", "g45", "Motorola moto g45 5G", "Motorola", "Silver", "64 GB"),
  device("G45-B", "g45", "Motorola moto g45 5G", "Motorola", "Blue", "64 GB", { barcode: "0012345678905" }),
  device("S24", "s24", "Samsung Galaxy S24", "Samsung", "Black", "128 GB"),
  device("OP12", "op12", "OnePlus 12", "OnePlus", "Green", "256 GB"),
  item("手机壳", { name: "华为透明手机壳", brand: "华为", category: "保护壳", quantity: 3 }),
]);
const search = (text: string, chosen: Chosen = {}) => index.search(text, chosen, 20);
const found = (text: string, chosen: Chosen = {}) => search(text, chosen).hits.map(({ group }) => group.productId);

it("knows its categories, the fullest first", () => {
  expect(index.categories()).toEqual([{ value: "Phones", count: 5 }, { value: "Cases", count: 2 }, { value: "保护壳", count: 1 }]);
});

describe("the search", () => {
  it("finds by beginnings of words in any order, the thing before what goes with it", () => {
    expect(found("pixel 9")).toEqual(["p9", "p9p", "CASE-P9"]);
    expect(found("9 pix case")).toEqual(["CASE-P9"]);
    expect(found("mot g4")).toEqual(["g45", "CASE-45"]);
    expect(found("cases")).toEqual(["CASE-P9", "CASE-45"]);
    expect(found("etui")).toEqual(["CASE-45"]);
  });

  it("reads a size with and without its space, and means the variant that has it", () => {
    expect(found("pixel 128gb")).toEqual(["p9"]);
    expect(found("pixel 128 GB")).toEqual(["p9"]);
    expect(search("pixel 9 256gb").hits[0]?.items.map(({ sku }) => sku)).toEqual(["P9-BB"]);
    expect(search("pixel 128gb").correction).toBeNull();
  });

  it("corrects what is mistyped, and says so", () => {
    expect(found("pixle 9")).toEqual(["p9", "p9p", "CASE-P9"]);
    expect(search("galxy s24")).toMatchObject({ total: 1, correction: { corrected: "galaxy s24", dropped: [] } });
    expect(found("motorla")).toEqual(["g45"]);
    expect(search("galaxy s2a")).toMatchObject({ correction: { corrected: "galaxy", dropped: ["s2a"] } });
    expect(search("galaxy s25")).toMatchObject({ total: 1, correction: { corrected: "galaxy", dropped: ["s25"] } });
    expect(search("pixel l28gb")).toMatchObject({ total: 1, correction: { corrected: "pixel 128gb", dropped: [] } });
    expect(found("pxl")).toEqual([]);
  });

  it("takes words apart and puts them together", () => {
    expect(found("galaxys24")).toEqual(["s24"]);
    expect(found("one plus")).toEqual(["op12"]);
    expect(found("one plus 12")).toEqual(["op12"]);
  });

  it("leaves out words that lead to nothing, and says which", () => {
    expect(search("pixel 9 qqqqqq")).toMatchObject({ total: 3, correction: { corrected: "pixel 9", dropped: ["qqqqqq"] } });
    expect(search("galaxy coral").correction?.dropped).toHaveLength(1);
    expect(search("qqqqqq zzzzzz")).toMatchObject({ total: 0, correction: { corrected: "", dropped: ["qqqqqq", "zzzzzz"] } });
    expect(found("!?")).toEqual([]);
  });

  it("knows Chinese anywhere in a word, in pieces and by its initials", () => {
    expect(found("手机")).toEqual(["手机壳"]);
    expect(found("华为手机壳")).toEqual(["手机壳"]);
    expect(found("华为壳")).toEqual(["手机壳"]);
    expect(found("hw")).toEqual(["手机壳"]);
    expect(initialsOf("华为小米荣耀手机壳")).toBe("hwxmrysjk");
  });

  it("lists everything without words, devices first", () => {
    expect(search("").total).toBe(8);
    expect(found("").slice(0, 2)).toEqual(["p9p", "p9"]);
  });

  it("knows codes in every length of a GTIN, in the box too", () => {
    expect(index.findCode("12345678905")?.sku).toBe("G45-B");
    expect(index.findCode("00012345678905")?.sku).toBe("G45-B");
    expect(index.findCode("g45-s")?.sku).toBe("G45-S");
    expect(index.findCode("12345678906")).toBeUndefined();
    expect(search("12345678905").hits).toMatchObject([{ group: { productId: "g45" }, items: [{ sku: "G45-B" }] }]);
  });
});

describe("facets", () => {
  const counts = (text: string, name: string, chosen: Chosen = {}) =>
    Object.fromEntries(search(text, chosen).facets.find((facet) => facet.name === name)!.values.map(({ value, count }) => [value, count]));

  it("count products, each beside what is chosen in the others", () => {
    expect(counts("pixel", "colour")).toEqual({ Black: 2, Coral: 1 });
    expect(counts("pixel", "storage")).toEqual({ "128 GB": 1, "256 GB": 2 });
    expect(counts("pixel", "colour", { storage: ["128 GB"] })).toEqual({ Coral: 1, Black: 0 });
    expect(counts("pixel", "stock")).toEqual({ [HERE]: 3 });
  });

  it("mean one and the same variant", () => {
    expect(found("pixel", { colour: ["Coral"], storage: ["256 GB"] })).toEqual([]);
    expect(found("pixel", { colour: ["Coral"], stock: [HERE] })).toEqual([]);
    expect(found("pixel", { colour: ["Coral", "Black"], storage: ["256 GB"] })).toEqual(["p9", "p9p"]);
  });

  it("sort sizes by size", () => {
    const items = ["1 TB", "64 GB", "512 MB", "128 GB"].map((size) => device(size, size, "Phone", "B", "Red", size));
    const [facet] = new CatalogueIndex(items).search("", {}, 1).facets.filter(({ name }) => name === "storage");
    expect(facet!.values.map(({ value }) => value)).toEqual(["512 MB", "64 GB", "128 GB", "1 TB"]);
  });
});

describe("whatever the catalogue and the choice", () => {
  const some = (...values: string[]) => fc.constantFrom(...values);
  const items = fc.array(fc.record({
    productId: some("a", "b", "c", "d"), brand: fc.option(some("Acme", "Bolt"), { nil: null }), category: some("Phones", "Cases"),
    colour: some("Red", "Blue"), storage: some("64 GB", "128 GB"), quantity: fc.integer({ min: -1, max: 2 }), name: some("alpha one", "alpha two", "beta"),
  }), { maxLength: 20 }).map((rows) => rows.map(({ colour, storage, ...row }, number) => item(`SKU${number}`, {
    ...row, attributes: [{ name: "colour", label: "", values: [colour] }, { name: "storage", label: "", values: [storage] }],
  })));
  const choice = fc.record({
    stock: fc.subarray([HERE]), category: fc.subarray(["Phones", "Cases"]), brand: fc.subarray(["Acme", "Bolt"]), colour: fc.subarray(["Red", "Blue", "Pink"]),
    storage: fc.subarray(["64 GB", "128 GB"]),
  });
  const texts = some("", "alpha", "alpha one", "beta", "alhpa", "64gb", "red two");

  it("every count is the total when that value is chosen beside the other facets", () => {
    fc.assert(fc.property(items, choice, texts, (rows, chosen, text) => {
      const catalogue = new CatalogueIndex(rows);
      for (const { name, values } of catalogue.search(text, chosen, 50).facets) {
        for (const { value, count } of values) expect(catalogue.search(text, { ...chosen, [name]: [value] }, 50).total).toBe(count);
      }
    }));
  });

  it("a result shows its total of products, each once, with variants that have everything chosen", () => {
    fc.assert(fc.property(items, choice, texts, (rows, chosen, text) => {
      const { hits, total } = new CatalogueIndex(rows).search(text, chosen, 50);
      expect(new Set(hits.map(({ group }) => group.productId)).size).toBe(total);
      for (const { items: meant } of hits) {
        expect(meant.length).toBeGreaterThan(0);
        for (const { colour, brand } of meant.map((one) => ({ colour: one.attributes[0]!.values[0]!, brand: one.brand }))) {
          if (chosen.colour.length > 0) expect(chosen.colour).toContain(colour);
          if (chosen.brand.length > 0) expect(chosen.brand).toContain(brand);
        }
      }
    }));
  });

  it("choosing more within one facet never shows less", () => {
    fc.assert(fc.property(items, choice, texts, (rows, chosen, text) => {
      const catalogue = new CatalogueIndex(rows);
      const before = catalogue.search(text, chosen, 50).total;
      for (const name of FACETS) {
        if (chosen[name].length === 0) continue;
        for (const value of ["Red", "Blue", "64 GB", "128 GB", "Acme", "Bolt", "Phones", "Cases"].filter((other) => !chosen[name].includes(other))) {
          expect(catalogue.search(text, toggled(chosen, name, value), 50).total).toBeGreaterThanOrEqual(before);
        }
      }
    }));
  });

  it("any text is answered", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      expect(search(text).total).toBeLessThanOrEqual(8);
    }));
  });
});

describe("words", () => {
  it("are folded, parted where scripts meet, and joined to their units", () => {
    expect(fold("Étui-X  100%")).toBe("etui x 100");
    expect(fold("6.1″ v2.")).toBe("6.1 v2");
    expect(wordsOf("华为P50 128 GB")).toEqual(["华为", "p50", "128gb"]);
    expect(wordsOf("Cases batteries glass")).toEqual(["case", "battery", "glass"]);
  });

  it("are as far from the start of a term as edits lie between", () => {
    expect(distanceToStart("pixle", "pixel", 1)).toBe(1);
    expect(distanceToStart("galx", "galaxy", 1)).toBe(1);
    expect(distanceToStart("gal", "galaxy", 1)).toBe(0);
    expect(distanceToStart("abcd", "galaxy", 1)).toBe(2);
    fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (word, rest) => {
      expect(distanceToStart(word, word + rest, 2)).toBe(0);
    }));
  });
});

describe("names", () => {
  it("of variants share a title and differ in detail", () => {
    const group = index.group("g45")!;
    expect(group.title).toBe("Motorola moto g45 5G, 64 GB");
    expect(group.items.map((variant) => variantDetail(variant, group))).toEqual(["Blue", "Silver"]);
    expect(commonTitle(["A b", "C d"])).toBe("A b");
  });
});
