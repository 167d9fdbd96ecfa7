/** An offer in the contract's shape for tests: a router, and up to three lines of a phone with a plan. */

import type { Characteristic, Group, Offer, Option } from "./choice";

const usd = (amount: string) => ({ amount, currency: "USD" });

function group(code: string, parent: string | null, limits: [number, number], instances: [number, number], options: Group["options"]): Group {
  const [lowerLimit, upperLimit] = limits;
  const [minimumInstances, maximumInstances] = instances;
  return { code, label: code, parent, lowerLimit, upperLimit, minimumInstances, maximumInstances, options };
}

const option = (sku: string, upperLimit = 1, preset = 0, characteristics: Characteristic[] = []): Option =>
  ({ sku, name: sku.toLowerCase(), lowerLimit: 0, upperLimit, default: preset, characteristics });

const asked = (name: string, label: string, type: Characteristic["type"], more: Partial<Characteristic> = {}): Characteristic =>
  ({ name, label, type, required: false, minimumLength: 1, maximumLength: 60, choices: [], ...more });

const portIn = [asked("portIn", "Number to bring", "PHONE_NUMBER"), asked("portPin", "Transfer PIN", "DIGITS", { requiredWith: "portIn" })];
const tradeIn = (value: string) => asked("tradeIn", "Old phone", "CHOICE", { choices: [{ value, label: "Grade A", worth: usd("120.00") }] });

export const family: Offer = {
  code: "family", name: "Family", version: 1, terms: [24, 0],
  monthlyPriceFrom: { term: 24, monthly: usd("50.00"), dueToday: usd("0.00"), totalOverTerm: usd("1200.00") },
  groups: [
    group("home", null, [0, 1], [0, 1], [option("ROUTER")]),
    group("line", null, [2, 4], [1, 3], []),
    group("device", "line", [1, 1], [1, 1], [option("PHONE", 1, 1, [tradeIn("old:A")]), option("TABLET", 1, 0, [tradeIn("tablet:A")])]),
    group("plan", "line", [1, 1], [1, 1], [option("PLAN-S", 1, 1, portIn), option("PLAN-L", 1, 0, portIn)]),
    group("extra", "line", [0, 2], [0, 1], [option("CASE", 2), option("CABLE", 2)]),
  ],
};

export { usd };
