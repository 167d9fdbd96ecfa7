import { describe, expect, it } from "vitest";
import { family, usd } from "./fixtures";
import { barsOf, byBundle, type Configuration, differences, holdsUntil, phasesOf, placedAt, type PriceLine, sumOfLine } from "./prices";

const line = (instalmentMonths: number | null, instalment: string | null): PriceLine => ({
  sku: "X", name: "x", group: "g", instance: 1, quantity: 1, instalmentMonths, availableFrom: null, explanation: [],
  oneTime: usd("0.00"), firstBill: usd("0.00"), recurring: usd("0.00"), instalment: instalment === null ? null : usd(instalment),
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
});

describe("a line of several", () => {
  const part = (group: string, instance: number, recurring: string, instalment: string | null = null) =>
    ({ ...line(instalment ? 24 : null, instalment), group, instance, recurring: usd(recurring) });

  it("costs what lies in it together, to the cent", () => {
    const lines = [part("device", 1, "0.00", "21.65"), part("plan", 1, "55.00"), part("plan", 2, "45.10"), part("home", 1, "9.99")];
    expect(sumOfLine(family, lines, "line", 1)).toEqual({ monthly: usd("76.65"), today: usd("0.00") });
    expect(sumOfLine(family, lines, "line", 2)?.monthly).toEqual(usd("45.10"));
    expect(sumOfLine(family, lines, "line", 3)).toBeNull();
  });
});

describe("what holds", () => {
  it("ends with the day or with the address's answer, whichever comes first", () => {
    expect(holdsUntil("2026-11-27T05:00:00Z", "2026-11-26T20:00:00Z")).toBe("2026-11-26T20:00:00Z");
    expect(holdsUntil("2026-11-27T05:00:00Z", "2026-12-01T20:00:00Z")).toBe("2026-11-27T05:00:00Z");
    expect(holdsUntil("2026-11-27T05:00:00Z", null)).toBe("2026-11-27T05:00:00Z");
  });

  it("is compared sum by sum once it is asked again", () => {
    const before = { monthly: usd("51.65"), dueToday: usd("20.00"), totalOverTerm: usd("1259.60") } as Configuration;
    expect(differences(before, { ...before, monthly: usd("51.650") })).toEqual([]);
    expect(differences(before, { ...before, monthly: usd("53.00") })).toEqual([{ name: "monthly", before: usd("51.65"), now: usd("53.00") }]);
  });
});

describe("a violation", () => {
  it("is told at its group, else where it is mended", () => {
    const changes = [{ group: "plan", instance: 2, sku: "PLAN-L", units: 1 }];
    expect(placedAt({ group: "line", instance: null, changes })).toEqual({ group: "line", instance: 1 });
    expect(placedAt({ group: null, changes })).toEqual({ group: "plan", instance: 2 });
    expect(placedAt({ changes: [] })).toBeNull();
  });
});
