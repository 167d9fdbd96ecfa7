import { describe, expect, it } from "vitest";
import { arrowTarget, columnsOf } from "./tileKeys";

describe("arrows in a grid", () => {
  it("lead to the neighbour, and out above the first row", () => {
    expect(arrowTarget("ArrowRight", 0, 7, 3)).toBe(1);
    expect(arrowTarget("ArrowDown", 1, 7, 3)).toBe(4);
    expect(arrowTarget("ArrowUp", 4, 7, 3)).toBe(1);
    expect(arrowTarget("ArrowUp", 1, 7, 3)).toBe("out");
    expect(arrowTarget("ArrowDown", 5, 7, 3)).toBeNull();
    expect(arrowTarget("ArrowLeft", 0, 7, 3)).toBeNull();
    expect(arrowTarget("End", 0, 7, 3)).toBe(6);
    expect(arrowTarget("x", 0, 7, 3)).toBeNull();
  });

  it("count the columns by where tiles stand", () => {
    expect(columnsOf([0, 0, 0, 160, 160].map((offsetTop) => ({ offsetTop })))).toBe(3);
    expect(columnsOf([{ offsetTop: 0 }, { offsetTop: 0 }])).toBe(2);
    expect(columnsOf([])).toBe(1);
  });
});
