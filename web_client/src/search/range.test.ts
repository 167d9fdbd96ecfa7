import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundsOf, handlesOf, scaleOf } from "./range";

const scale = scaleOf("15.00", "1009.00")!;

describe("a range's slider", () => {
  it("has round steps and holds every number", () => {
    expect(scale).toEqual({ minimum: 10, maximum: 1010, step: 10 });
    expect(scaleOf("5", "10.95")).toEqual({ minimum: 5, maximum: 11, step: 0.1 });
    expect(scaleOf("7", "7")).toBeNull();
    expect(scaleOf(null, null)).toBeNull();
    fc.assert(fc.property(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 1, max: 500_000 }), (low, span) => {
      const found = scaleOf((low / 100).toFixed(2), ((low + span) / 100).toFixed(2))!;
      expect(found.minimum).toBeLessThanOrEqual(low / 100);
      expect(found.maximum).toBeGreaterThanOrEqual((low + span) / 100);
    }));
  });

  it("sets no bound where a handle stands at its end", () => {
    expect(boundsOf([10, 1010], scale)).toEqual({});
    expect(boundsOf([10, 500], scale)).toEqual({ maximum: "500" });
    expect(handlesOf({}, scale)).toEqual([10, 1010]);
  });

  it("stands where it was put, inside the scale", () => {
    expect(handlesOf(boundsOf([100, 500], scale), scale)).toEqual([100, 500]);
    expect(handlesOf({ minimum: "5", maximum: "99999" }, scale)).toEqual([10, 1010]);
  });
});
