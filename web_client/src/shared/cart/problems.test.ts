import { describe, expect, it } from "vitest";
import { usd } from "@shared/bundle/fixtures";
import { type CheckedCart, problemsIn } from "./problems";

const bundle: CheckedCart["bundles"][number] = {
  id: "b1", offerCode: "home", name: "Home", term: 24, qualificationId: "q1", promiseDate: "2099-12-08", dueToday: usd("10.00"), monthly: usd("50.00"), totalOverTerm: usd("1210.00"),
  selections: [{ group: "net", instance: 1, sku: "FIBER", quantity: 1, characteristics: [] }], requoted: null,
};
const configuration = { offerCode: "home", term: 24, qualificationId: "q1", selections: bundle.selections };
const cart = (over: Partial<CheckedCart>): CheckedCart => ({
  lines: [{ id: "l1", name: "Case", bundleId: null }, { id: "l2", name: "Fibre", availableFrom: "2099-12-15", bundleId: "b1" }, { id: "l3", name: "Voice", availableFrom: null, bundleId: null }],
  bundles: [bundle], problems: [], ...over,
});
const requoted = { refusal: null, promiseDate: "2099-12-08", dueToday: usd("10.00"), monthly: usd("50.00"), totalOverTerm: usd("1210.00") };

describe("what of a cart must be settled", () => {
  it("is nothing while all holds, and where a price that ran out is still the same and no later", () => {
    expect(problemsIn(cart({}))).toEqual([]);
    expect(problemsIn(cart({ bundles: [{ ...bundle, requoted }] }))).toEqual([]);
    expect(problemsIn(cart({ bundles: [{ ...bundle, requoted: { ...requoted, promiseDate: "2099-12-01" } }] }))).toEqual([]);
  });

  it("is a later day, agreed with as the line shows it", () => {
    const [one] = problemsIn(cart({ problems: [{ code: "DATE_CHANGED", field: "lines.1", message: "Fibre works later." }] }));
    expect(one).toMatchObject({ name: "Fibre", message: "Fibre works later.", remedy: { kind: "ACCEPT_DATE", lineId: "l2", day: "2099-12-15" } });
  });

  it("is a service that cannot be had: by itself it is removed, in a bundle another is chosen", () => {
    const found = problemsIn(cart({ problems: ["lines.2", "lines.1"].map((field) => ({ code: "SERVICE_NOT_AVAILABLE", field, message: "Gone." })) }));
    expect(found.map(({ remedy }) => remedy)).toEqual([{ kind: "REMOVE_LINE", lineId: "l3", name: "Voice" }, { kind: "CHANGE_BUNDLE", bundleId: "b1", offerCode: "home" }]);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  });

  it("is told without an act where this client knows none", () => {
    const strange = [{ code: "NEW_CODE", field: "lines.1", message: "New." }, { code: "DATE_CHANGED", field: "cartId", message: "All." }, { code: "DATE_CHANGED", field: "lines.9", message: "Gone." }];
    expect(problemsIn(cart({ problems: strange })).map(({ name, message, remedy }) => [name, message, remedy])).toEqual([["Fibre", "New.", null], ["", "All.", null], ["", "Gone.", null]]);
  });

  it("is another price, sum by sum, and a later day of the whole; taking it asks for the same bundle again", () => {
    const [one, ...more] = problemsIn(cart({ bundles: [{ ...bundle, requoted: { ...requoted, monthly: usd("53.00"), promiseDate: "2099-12-20" } }] }));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ code: "PRICE_CHANGED", name: "Home", message: null, later: "2099-12-20", remedy: { kind: "TAKE_PRICE", bundleId: "b1", configuration } });
    expect(one?.changed).toEqual([{ name: "monthly", before: usd("50.00"), now: usd("53.00") }]);
  });

  it("is an offer that is refused by now, in the server's words", () => {
    const refused = { refusal: "There is no such offer.", promiseDate: null, dueToday: null, monthly: null, totalOverTerm: null };
    expect(problemsIn(cart({ bundles: [{ ...bundle, requoted: refused }] }))).toMatchObject([{ message: "There is no such offer.", remedy: { kind: "CHANGE_BUNDLE", bundleId: "b1", offerCode: "home" } }]);
  });
});
