import { describe, expect, it } from "vitest";
import { usd } from "./fixtures";
import { addedBundle, barsOf, byBundle, phasesOf, type PriceLine } from "./prices";

const line = (instalmentMonths: number | null, instalment: string | null): PriceLine => ({
  sku: "X", name: "x", group: "g", instance: 1, quantity: 1, instalmentMonths, availableFrom: null, explanation: [],
  oneTime: usd("0.00"), recurring: usd("0.00"), instalment: instalment === null ? null : usd(instalment),
});

describe("what a month costs", () => {
  it("stays the same when instalments last as long as the term", () => {
    expect(phasesOf({ monthly: usd("51.65"), lines: [line(24, "21.65"), line(null, null)] }, 24)).toEqual([{ from: 1, monthly: usd("51.65") }]);
  });

  it("falls to the cent when they end before, together where they end together", () => {
    const lines = [line(18, "10.10"), line(12, "0.05"), line(12, "1.00")];
    expect(phasesOf({ monthly: usd("51.65"), lines }, 24)).toEqual([
      { from: 1, monthly: usd("51.65") }, { from: 13, monthly: usd("50.60") }, { from: 19, monthly: usd("40.50") },
    ]);
  });
});

describe("exit costs", () => {
  it("are drawn against the dearest, from month 0", () => {
    expect(barsOf([usd("400.00"), usd("100.00"), usd("0.00")]).map(({ month, height }) => [month, height])).toEqual([[0, 1], [1, 0.25], [2, 0]]);
    expect(barsOf([usd("0.00")])[0]?.height).toBe(0);
  });
});

describe("lines of a cart", () => {
  const lines = [{ id: "1", bundleId: "b" }, { id: "2", bundleId: null }, { id: "3", bundleId: "b" }, { id: "4", bundleId: null }];

  it("stand together where they are one bundle", () => {
    expect(byBundle(lines).map((part) => part.lines.map(({ id }) => id))).toEqual([["1", "3"], ["2"], ["4"]]);
  });

  it("tell which bundle came in", () => {
    expect(addedBundle(lines, [...lines, { bundleId: "c" }])).toBe("c");
    expect(addedBundle(lines, lines)).toBeNull();
  });
});
