import { describe, expect, it } from "vitest";
import { recentSearches, viewedProducts } from "../session/stores";
import { forgetVisit, rememberProduct, rememberSearch } from "./recent";

describe("what is remembered", () => {
  it("has the latest first, each once, and not too much of it", () => {
    forgetVisit();
    for (const text of ["pixel", "galaxy", "Pixel", ...Array.from({ length: 7 }, (_, index) => `case ${index}`)]) rememberSearch(text);
    expect(recentSearches.get()).toEqual(["case 6", "case 5", "case 4", "case 3", "case 2", "case 1", "case 0", "Pixel"]);
  });

  it("keeps of a product what is shown again, and is forgotten on request", () => {
    const product = { slug: "p", name: "Pixel", brand: null, kind: "DEVICE" as const, thumbnailUrl: null, price: "9.00" };
    rememberProduct(product);
    rememberProduct({ ...product, name: "Pixel 9" });
    expect(viewedProducts.get()).toEqual([{ slug: "p", name: "Pixel 9", brand: null, kind: "DEVICE", thumbnailUrl: null }]);
    forgetVisit();
    expect([recentSearches.get(), viewedProducts.get()]).toEqual([null, null]);
  });
});
