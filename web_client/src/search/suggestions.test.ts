import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markTyped, offersFor, type Suggestions } from "./suggestions";

const suggestions: Suggestions = {
  queries: ["pixel", "pixel 9 pro"],
  categories: [{ dimension: "category", value: "phones", label: "Phones" }],
  products: [{ id: "p1", slug: "pixel-9", name: "Google Pixel 9", brand: "Google", thumbnailUrl: null, price: { amount: "531.00", currency: "USD" } }],
};
const viewed = [{ slug: "moto", name: "moto g45", brand: "Motorola", kind: "DEVICE" as const, thumbnailUrl: null }];
const labels = (text: string, recent: string[], found?: Suggestions) =>
  offersFor(text, { suggestions: found, recent, viewed }).map(({ name, offers }) => [name, offers.map(({ label }) => label)]);

describe("offers", () => {
  it("are what was searched for and looked at, while nothing is typed", () => {
    expect(labels("", ["galaxy s24"])).toEqual([["recent", ["galaxy s24"]], ["viewed", ["moto g45"]]]);
    expect(labels("  ", [])).toEqual([["viewed", ["moto g45"]]]);
  });

  it("lead with an own search that begins so, once", () => {
    expect(labels("pix", ["Pixel 9 Pro", "galaxy"], suggestions)).toEqual([
      ["queries", ["Pixel 9 Pro", "pixel"]], ["categories", ["Phones"]], ["products", ["Google Pixel 9"]],
    ]);
  });

  it("say once what a product is called", () => {
    const doubled = { ...suggestions, queries: ["pixel", "google pixel 9"] };
    expect(labels("pix", [], doubled)).toEqual([["queries", ["pixel"]], ["categories", ["Phones"]], ["products", ["Google Pixel 9"]]]);
  });

  it("lead to a search, a category's page and a product", () => {
    const addresses = offersFor("pix", { suggestions, recent: [], viewed: [] }).flatMap(({ offers }) => offers.map(({ address }) => address));
    expect(addresses).toEqual(["/search?q=pixel", "/search?q=pixel+9+pro", "/search?f.category=phones", "/product/pixel-9"]);
  });
});

describe("marking", () => {
  const typedOf = (label: string, typed: string) => markTyped(label, typed).filter(({ isTyped }) => isTyped).map(({ text }) => text);

  it("finds the beginnings of words in any order, Chinese anywhere", () => {
    expect(markTyped("Google Pixel 9", "pix")).toEqual([{ text: "Google ", isTyped: false }, { text: "Pix", isTyped: true }, { text: "el 9", isTyped: false }]);
    expect(typedOf("google pixel 9", "9 goo")).toEqual(["goo", "9"]);
    expect(typedOf("subpixel", "pix")).toEqual([]);
    expect(typedOf("透明手机壳", "手机")).toEqual(["手机"]);
  });

  it("changes no letter of a label, whatever is typed", () => {
    fc.assert(fc.property(fc.string(), fc.string({ unit: "grapheme" }), (label, typed) => {
      expect(markTyped(label, typed).map(({ text }) => text).join("")).toBe(label);
    }));
  });
});
