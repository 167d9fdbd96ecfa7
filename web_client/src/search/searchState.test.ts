import { describe, expect, it } from "vitest";
import { readSearch, searchInput, sortFrom, toggleValue, withRefinement, withText, writeSearch } from "./searchState";

const read = (address: string) => readSearch(new URLSearchParams(address));

describe("search address", () => {
  it("comes back as it was written", () => {
    const state = read("q=pixel&f.brand=Google&f.brand=A%26B&f.size=0..50&r.price=100..300.50&sort=PRICE_ASC");
    expect(state).toEqual({
      text: "pixel",
      refinements: [
        { dimension: "brand", values: ["Google", "A&B"] },
        { dimension: "size", values: ["0..50"] },
        { dimension: "price", values: [], minimum: "100", maximum: "300.50" },
      ],
      sort: "PRICE_ASC",
    });
    expect(read(writeSearch(state).toString())).toEqual(state);
  });

  it("leaves out what is malformed", () => {
    expect(read("q=%20&r.price=abc..&f.=x&f.brand=&sort=WORST")).toEqual({ text: "", refinements: [], sort: "RELEVANCE" });
  });

  it("holds that a text is meant as typed, until the text changes", () => {
    const state = read("q=pixle&exact=1");
    expect(state).toEqual({ text: "pixle", refinements: [], sort: "RELEVANCE", verbatim: true });
    expect(writeSearch(state).toString()).toBe("q=pixle&exact=1");
    expect(searchInput(state)).toMatchObject({ text: "pixle", verbatim: true });
    expect(withText(state, "pixel")).toEqual({ text: "pixel", refinements: [], sort: "RELEVANCE" });
    expect(read("exact=1")).toEqual({ text: "", refinements: [], sort: "RELEVANCE" });
  });

  it("is what the API is asked", () => {
    expect(searchInput(read("r.price=..50"))).toEqual({
      text: null,
      sort: "RELEVANCE",
      refinements: [{ dimension: "price", values: [], maximum: "50" }],
    });
  });
});

describe("refining", () => {
  it("adds alternatives within a dimension and takes them back", () => {
    const one = toggleValue(read("q=x"), "brand", "Sony");
    const two = toggleValue(one, "brand", "Nokia");
    expect(two.refinements).toEqual([{ dimension: "brand", values: ["Sony", "Nokia"] }]);
    expect(toggleValue(toggleValue(two, "brand", "Sony"), "brand", "Nokia").refinements).toEqual([]);
    expect(toggleValue(two, "brand", "LG", true).refinements).toEqual([{ dimension: "brand", values: ["LG"] }]);
  });

  it("sorts by distance only from somewhere", () => {
    const { sort } = read("q=pixel&sort=DISTANCE");
    expect(sort).toBe("DISTANCE");
    expect(sortFrom(sort, null)).toBe("RELEVANCE");
    expect(sortFrom(sort, { latitude: 45, longitude: -93 })).toBe("DISTANCE");
    expect(sortFrom("NAME", null)).toBe("NAME");
  });

  it("replaces a range and drops an empty one", () => {
    const ranged = withRefinement(read("r.price=1..2&f.brand=Sony"), { dimension: "price", values: [], minimum: "5" });
    expect(writeSearch(ranged).toString()).toBe("f.brand=Sony&r.price=5..");
    expect(withRefinement(ranged, { dimension: "price", values: [] }).refinements).toHaveLength(1);
  });
});
