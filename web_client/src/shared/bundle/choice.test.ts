import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Choice, choiceOf, inputOf, isSingle, lineOf, mended, suggested, toldOf, unitsOf, withLine, withNone, withoutLine, withScanned, withScannedEid, withTold, withUnits } from "./choice";
import { family } from "./fixtures";

const shown = (choice: ReturnType<typeof suggested>) => inputOf(family, choice, null).selections.map(({ group, instance, sku, quantity }) => `${group}${instance} ${sku} ${quantity}`);
const group = (code: string) => family.groups.find((one) => one.code === code) as (typeof family.groups)[number];

describe("an offer's groups", () => {
  it("know the line that they lie in, and which of them take one thing", () => {
    expect(["home", "line", "device"].map((code) => lineOf(family, code))).toEqual([null, "line", "line"]);
    expect(["home", "line", "device", "extra"].map((code) => isSingle(family, group(code)))).toEqual([true, false, true, false]);
  });
});

describe("a choice", () => {
  it("starts with the defaults in as many lines as there must be", () => {
    expect(suggested(family)).toMatchObject({ term: 24, instances: { line: 1 } });
    expect(shown(suggested(family))).toEqual(["device1 PHONE 1", "plan1 PLAN-S 1"]);
  });

  it("starts with what the shopper came for in the default's place", () => {
    expect(shown(suggested(family, "TABLET"))).toEqual(["device1 TABLET 1", "plan1 PLAN-S 1"]);
    expect(shown(suggested(family, "CASE"))).toContain("extra1 CASE 1");
    expect(shown(suggested(family, "UNKNOWN"))).toEqual(shown(suggested(family)));
  });

  it("replaces in a group for one, and adds in a group for several", () => {
    const plan = withUnits(family, suggested(family), { group: "plan", instance: 1, sku: "PLAN-L" }, 1);
    const both = withUnits(family, withUnits(family, plan, { group: "extra", instance: 1, sku: "CASE" }, 2), { group: "extra", instance: 1, sku: "CABLE" }, 1);
    expect(shown(both)).toEqual(["device1 PHONE 1", "plan1 PLAN-L 1", "extra1 CABLE 1", "extra1 CASE 2"]);
    expect(shown(withUnits(family, both, { group: "extra", instance: 1, sku: "CASE" }, 0))).not.toContain("extra1 CASE 2");
    expect(shown(withNone(both, "device", 1))).not.toContain("device1 PHONE 1");
  });

  it("moves lines up when one before them is taken away, and leaves the rest alone", () => {
    const two = withUnits(family, withLine(family, suggested(family), "line"), { group: "device", instance: 2, sku: "TABLET" }, 1);
    const router = withUnits(family, two, { group: "home", instance: 1, sku: "ROUTER" }, 1);
    const left = withoutLine(family, router, "line", 1);
    expect(left.instances).toEqual({ line: 1 });
    expect(shown(left)).toEqual(["home1 ROUTER 1", "device1 TABLET 1", "plan1 PLAN-S 1"]);
  });

  it("is the same question however it came about", () => {
    const places = family.groups.flatMap((one) => one.options.map(({ sku }) => ({ group: one.code, instance: 1, sku })));
    fc.assert(fc.property(fc.shuffledSubarray(places), (subset) => {
      const empty: Choice = { ...suggested(family), selections: [] };
      const several = subset.filter(({ group: code }) => code === "extra");
      const built = several.reduce((choice, place) => withUnits(family, choice, place, 1), empty);
      const backwards = [...several].reverse().reduce((choice, place) => withUnits(family, choice, place, 1), empty);
      expect(inputOf(family, built, "q")).toEqual(inputOf(family, backwards, "q"));
    }));
  });

  it("comes back from the cart as it went there, without what the offer has lost", () => {
    const two = withLine(family, suggested(family), "line");
    const input = inputOf(family, two, "q1");
    expect(inputOf(family, choiceOf(family, input), "q1")).toEqual(input);
    expect(choiceOf(family, input).instances).toEqual({ line: 2 });
    const stale = { ...input, term: 12, selections: [...input.selections, { group: "gone", instance: 1, sku: "GONE", quantity: 1 }, { group: "plan", instance: 1, sku: "GONE", quantity: 1 }] };
    expect(inputOf(family, choiceOf(family, stale), "q1")).toEqual(input);
    expect(unitsOf(choiceOf(family, stale), { group: "plan", instance: 2, sku: "PLAN-S" })).toBe(1);
  });
});

const plan = (sku: string, instance = 1) => ({ group: "plan", instance, sku });
const device = (sku: string, instance = 1) => ({ group: "device", instance, sku });
const sent = (choice: Choice, group: string) => inputOf(family, choice, null).selections.find((one) => one.group === group)?.characteristics;

describe("what is told about a part", () => {
  it("goes along to another plan, and nothing is sent of what was left empty", () => {
    const told = withTold(withTold(suggested(family), plan("PLAN-S"), "portIn", " 512 555 0100 "), plan("PLAN-S"), "portPin", "  ");
    const other = withUnits(family, told, plan("PLAN-L"), 1);
    expect(sent(other, "plan")).toEqual([{ name: "portIn", value: "512 555 0100" }]);
    expect(toldOf(other, plan("PLAN-S"))).toEqual({});
    expect(sent(suggested(family), "plan")).toBeUndefined();
  });

  it("is not sent where another part has no such choice", () => {
    const told = withTold(suggested(family), device("PHONE"), "tradeIn", "old:A");
    expect(sent(told, "device")).toEqual([{ name: "tradeIn", value: "old:A" }]);
    expect(sent(withUnits(family, told, device("TABLET"), 1), "device")).toBeUndefined();
  });

  it("comes back from the cart", () => {
    const input = inputOf(family, withTold(suggested(family), plan("PLAN-S"), "portIn", "1"), null);
    expect(inputOf(family, choiceOf(family, input), null)).toEqual(input);
  });
});

describe("a remedy", () => {
  it("is carried out in as many lines as it needs", () => {
    const both = mended(family, suggested(family), [{ ...device("TABLET", 2), units: 1 }, { ...plan("PLAN-L", 2), units: 1 }]);
    expect(both.instances).toEqual({ line: 2 });
    expect(shown(both)).toEqual(["device1 PHONE 1", "device2 TABLET 1", "plan1 PLAN-S 1", "plan2 PLAN-L 1"]);
  });

  it("takes one thing for another with what was told of it, in whatever order it is named", () => {
    const told = withTold(suggested(family), plan("PLAN-S"), "portIn", "1");
    const changes = [{ ...plan("PLAN-S"), units: -1 }, { ...plan("PLAN-L"), units: 1 }];
    for (const ordered of [changes, [...changes].reverse()]) {
      const next = mended(family, told, ordered);
      expect(shown(next)).toEqual(["device1 PHONE 1", "plan1 PLAN-L 1"]);
      expect(toldOf(next, plan("PLAN-L"))).toEqual({ portIn: "1" });
    }
  });

  it("leaves the choice that it mends as it was", () => {
    const before = suggested(family);
    mended(family, before, [{ ...plan("PLAN-S"), units: -1 }]);
    expect(before).toEqual(suggested(family));
  });
});

describe("a scan", () => {
  const tablet = (choice: Choice | null) => choice && shown(choice).filter((one) => one.includes("TABLET"));

  it("fills the first line that has none, then takes the first one's place", () => {
    const two = withNone(withLine(family, suggested(family), "line"), "device", 2);
    const first = withScanned(family, two, "TABLET");
    expect(tablet(first)).toEqual(["device2 TABLET 1"]);
    expect(tablet(withScanned(family, suggested(family), "TABLET"))).toEqual(["device1 TABLET 1"]);
    expect(withScanned(family, two, "UNKNOWN")).toBeNull();
  });

  it("of an EID is told of the part that asks for one", () => {
    const esim: typeof family = { ...family, groups: family.groups.map((one) => (one.code !== "plan" ? one : { ...one, options: one.options.map((option) => ({
      ...option, characteristics: [{ name: "eid", label: "EID", type: "EID" as const, required: false, minimumLength: 1, maximumLength: 60, choices: [] }] })) })) };
    const two = withLine(esim, suggested(esim), "line");
    const once = withScannedEid(esim, two, "89049032000000000000000000000000") as Choice;
    expect(toldOf(once, plan("PLAN-S"))).toEqual({ eid: "89049032000000000000000000000000" });
    expect(toldOf(withScannedEid(esim, once, "1") as Choice, plan("PLAN-S", 2))).toEqual({ eid: "1" });
    expect(withScannedEid(family, two, "1")).toBeNull();
  });
});
