import { describe, expect, it } from "vitest";
import { valuesToShow } from "./ValueList";

const values = Array.from({ length: 20 }, (_, index) => ({ value: `v${index}`, label: `Value ${index}`, count: 20 - index, selected: false, level: 0, parent: null }));
const shown = (...rest: [string[], boolean, string]) => valuesToShow(values, ...rest).map(({ value }) => value);

describe("a long list of values", () => {
  it("folds, but for what is chosen", () => {
    expect(shown([], false, "")).toEqual(["v0", "v1", "v2", "v3", "v4", "v5", "v6"]);
    expect(shown(["v15"], false, "")).toEqual(["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v15"]);
    expect(shown([], true, "")).toHaveLength(20);
  });

  it("is searched by any part of a label", () => {
    expect(shown(["v0"], true, " UE 7 ")).toEqual(["v7"]);
    expect(shown(["v0"], true, "nothing")).toEqual([]);
  });
});
