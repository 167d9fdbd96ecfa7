import { describe, expect, it } from "vitest";
import { inOrder, isCounted, meaningOf, tally, withDigits, type KeptAct, type Told } from "./counting";

const IMEI = "490154203237518";
const ICCID = "8901260882123456789";

let seq = 0;
function act(lines: Partial<Told>[], more: Partial<KeptAct> & { partId?: string; round?: number } = {}): KeptAct {
  seq += 1;
  const { partId = "1", round = 1, ...rest } = more;
  const told = lines.map((line) => ({ sku: "CASE", quantity: 0, serials: [], anew: false, ...line }));
  return { seq, operation: "countRecord", state: "recorded", input: { countId: "c", partId, round, lines: told }, ...rest };
}

describe("tally", () => {
  it("adds up what was told, sent or waiting, and leaves out what was refused", () => {
    const acts = [act([{ quantity: 2 }]), act([{ quantity: 3 }], { state: "waiting" }), act([{ quantity: 9 }], { state: "attention" })];
    expect(tally(acts, "1", 1).get("CASE")).toEqual({ pieces: 5, serials: [] });
  });
  it("begins anew where it was told so, in the order of happening", () => {
    const acts = [act([{ quantity: 2 }]), act([{ quantity: 7, anew: true }]), act([{ quantity: 1 }])];
    expect(tally([...acts].reverse(), "1", 1).get("CASE")?.pieces).toBe(8);
  });
  it("keeps parts and rounds apart, and other acts out", () => {
    const acts = [act([{ quantity: 2 }]), act([{ quantity: 3 }], { partId: "2" }), act([{ quantity: 4 }], { round: 2 }), act([{ quantity: 5 }], { operation: "adjust" })];
    expect(tally(acts, "1", 1).get("CASE")?.pieces).toBe(2);
    expect(tally(acts, "1", 2).get("CASE")?.pieces).toBe(4);
    expect(tally(acts, "3", 1).size).toBe(0);
  });
  it("counts a unit once however often it is scanned", () => {
    const acts = [act([{ serials: ["A"] }]), act([{ serials: ["A", "B"] }])];
    expect(tally(acts, "1", 1).get("CASE")).toEqual({ pieces: 2, serials: ["A", "B"] });
  });
  it("knows that nothing was found", () => {
    expect(tally([act([{ quantity: 0, anew: true }])], "1", 1).get("CASE")).toEqual({ pieces: 0, serials: [] });
  });
});

describe("lines", () => {
  it("puts what is left first, by name", () => {
    const lines = [{ sku: "b", tracking: "NONE", counted: 3 }, { sku: "d", tracking: "NONE" }, { sku: "c", tracking: "NONE", counted: null }, { sku: "a", tracking: "NONE", counted: null }];
    const mine = new Map([["d", { pieces: 1, serials: [] }]]);
    expect(inOrder(lines, mine, (sku) => sku).map(({ sku }) => sku)).toEqual(["a", "c", "b", "d"]);
    expect(isCounted({ sku: "x", tracking: "NONE", counted: 0 }, mine)).toBe(true);
  });
});

describe("meaningOf", () => {
  const tracked: Record<string, string> = { CASE: "NONE", PHONE: "IMEI", SIM: "ICCID", DRONE: "SERIAL" };
  const articles = { findSku: (code: string) => (code in tracked ? code : undefined), trackingOf: (sku: string) => tracked[sku] };
  it.each([
    ["CASE", null, { type: "piece", sku: "CASE" }],
    ["PHONE", null, { type: "choose", sku: "PHONE" }],
    [IMEI, "PHONE", { type: "serial", sku: "PHONE", serial: IMEI }],
    [`${IMEI.slice(0, 8)}-${IMEI.slice(8)}`, "PHONE", { type: "serial", sku: "PHONE", serial: IMEI }],
    [IMEI, null, { type: "ask", serial: IMEI }],
    [IMEI, "CASE", { type: "ask", serial: IMEI }],
    [ICCID, "PHONE", { type: "ask", serial: ICCID }],
    [IMEI, "DRONE", { type: "ask", serial: IMEI }],
    ["X-1000", "DRONE", { type: "serial", sku: "DRONE", serial: "X-1000" }],
    ["https://example.com", "PHONE", { type: "unknown", code: "https://example.com" }],
    ["4006381333931", "PHONE", { type: "unknown", code: "4006381333931" }],
  ])("%s while %s is counted", (code, current, meaning) => {
    expect(meaningOf(code, current, articles)).toEqual(meaning);
  });
});

describe("withDigits", () => {
  it.each([["", "0", "0"], ["0", "5", "5"], ["12", "00", "1200"], ["123456", "7", "123456"]])("%s and %s", (digits, more, together) => {
    expect(withDigits(digits, more)).toBe(together);
  });
});
