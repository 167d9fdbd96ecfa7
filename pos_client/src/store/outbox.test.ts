import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshEntry, type Entry, type Problem } from "./db";
import { afterRecord, afterRefusal, afterTrouble, backOff, BATCH_SIZE, planNext, sendAgain } from "./outbox";

const problem: Problem = { code: "INVALID", field: null, message: "No." };
const transient: Problem = { code: "TRY_AGAIN", field: null, message: "Later." };

function entry(seq: number, kind: Entry["kind"], changes: Partial<Entry> = {}): Entry {
  return { ...freshEntry(), seq, kind, clientId: `c${seq}`, shiftId: "s1", occurredAt: "", currency: "USD", ...changes } as Entry;
}

const seqs = (entries: Entry[]) => entries.map(({ seq }) => seq);

describe("the plan", () => {
  it("opens the shift first, then sells in order, and closes last", () => {
    const opening = entry(1, "shiftOpen");
    const sales = [entry(2, "sale"), entry(3, "payment")];
    const closing = entry(4, "shiftClose");
    expect(planNext([closing, ...sales, opening], 0)).toEqual({ type: "send", entries: [opening] });
    expect(planNext([closing, ...sales], 0)).toEqual({ type: "send", entries: sales });
    expect(planNext([closing], 0)).toEqual({ type: "send", entries: [closing] });
    expect(planNext([], 0)).toEqual({ type: "idle" });
  });

  it("lets another shift's sales pass one that cannot open", () => {
    const stuck = entry(1, "shiftOpen", { nextAttemptAt: 500, attempts: 1 });
    const other = entry(3, "sale", { shiftId: "s0" });
    expect(planNext([stuck, entry(2, "sale"), other], 100)).toEqual({ type: "send", entries: [other] });
    expect(planNext([stuck, entry(2, "sale")], 100)).toEqual({ type: "wait", at: 500 });
  });

  it("sends what failed before alone, and the rest without it", () => {
    const bad = entry(1, "sale", { attempts: 2, nextAttemptAt: 900 });
    const good = Array.from({ length: BATCH_SIZE + 5 }, (_, index) => entry(index + 2, "sale"));
    const plan = planNext([bad, ...good], 100);
    expect(plan.type === "send" && seqs(plan.entries)).toEqual(seqs(good.slice(0, BATCH_SIZE)));
    expect(planNext([bad], 900)).toEqual({ type: "send", entries: [bad] });
    expect(planNext([bad], 899)).toEqual({ type: "wait", at: 900 });
  });

  it("sends an act with stock alone, whatever becomes of shifts, and after earlier ones on its subject", () => {
    const stock = (seq: number, subject: string | null, changes: Partial<Entry> = {}) => entry(seq, "stock", { shiftId: null, subject, ...changes } as Partial<Entry>);
    const first = stock(2, "count:1");
    const closing = entry(5, "shiftClose");
    expect(planNext([entry(1, "sale", { nextAttemptAt: 900, attempts: 1 }), first, stock(3, "count:1")], 0)).toEqual({ type: "send", entries: [first] });
    expect(planNext([stock(2, "count:1", { nextAttemptAt: 900 }), stock(3, "count:1")], 0)).toEqual({ type: "wait", at: 900 });
    const other = stock(4, "count:2");
    expect(planNext([stock(2, "count:1", { nextAttemptAt: 900 }), stock(3, "count:1"), other], 0)).toEqual({ type: "send", entries: [other] });
    const loose = stock(4, null);
    expect(planNext([stock(2, null, { nextAttemptAt: 900 }), loose], 0)).toEqual({ type: "send", entries: [loose] });
    expect(planNext([stock(2, null, { nextAttemptAt: 900 }), closing], 0)).toEqual({ type: "send", entries: [closing] });
  });

  it("never stops while something waits, and never sends what is not ready or not its turn", () => {
    const anyEntry = fc.record({
      kind: fc.constantFrom("shiftOpen", "sale", "payment", "shiftClose", "stock"), subject: fc.constantFrom(null, "a"), shiftId: fc.constantFrom("a", "b"),
      attempts: fc.nat(3), nextAttemptAt: fc.nat(100),
    });
    fc.assert(fc.property(fc.array(anyEntry, { maxLength: 12 }), fc.nat(100), (fields, now) => {
      const waiting = fields.map((field, index) => entry(index + 1, field.kind as Entry["kind"], field as Partial<Entry>));
      const opens = new Set(waiting.filter(({ kind }) => kind === "shiftOpen").map(({ shiftId }) => shiftId));
      const plan = planNext(waiting, now);
      if (plan.type === "idle") return;
      if (plan.type === "wait") {
        expect(plan.at).toBeGreaterThan(now);
        return;
      }
      expect(plan.entries.length).toBeGreaterThan(0);
      expect(new Set(seqs(plan.entries)).size).toBe(plan.entries.length);
      for (const sent of plan.entries) {
        expect(sent.nextAttemptAt).toBeLessThanOrEqual(now);
        if (sent.kind === "sale" || sent.kind === "payment") expect(opens.has(sent.shiftId)).toBe(false);
        else expect(plan.entries).toHaveLength(1);
      }
    }));
  });
});

describe("an entry", () => {
  it("that the server cannot judge waits, for ever if need be, a minute at most between tries", () => {
    let stored = entry(1, "sale");
    for (let attempt = 1; attempt <= 50; attempt += 1) {
      stored = { ...stored, ...afterTrouble(stored, transient, 1_000, 0.5) } as Entry;
      expect(stored.state).toBe("waiting");
      expect(stored.nextAttemptAt - 1_000).toBeLessThanOrEqual(60_000);
      expect(stored.nextAttemptAt).toBeGreaterThan(1_000);
    }
    expect(stored.attempts).toBe(50);
  });

  it("that is refused is kept for a person; one that may come later waits", () => {
    expect(afterRefusal(entry(1, "sale"), [problem], 0, 0)).toMatchObject({ state: "attention", lastProblem: problem });
    expect(afterRefusal(entry(1, "sale"), [transient], 0, 0)).toMatchObject({ attempts: 1, lastProblem: transient });
    expect(afterRefusal(entry(1, "sale"), [transient], 0, 0).state).toBeUndefined();
    expect(afterRefusal(entry(1, "sale"), [transient, problem], 0, 0).state).toBe("attention");
    expect(sendAgain()).toEqual({ state: "waiting", nextAttemptAt: 0 });
  });

  it("that is recorded keeps what is to be settled", () => {
    expect(afterRecord([problem], "now")).toMatchObject({ state: "recorded", exceptions: [problem], recordedAt: "now", lastProblem: null });
  });
});

describe("the back-off", () => {
  it("doubles from a second to a minute and spreads", () => {
    expect([1, 2, 3, 6, 7, 40].map((failures) => backOff(failures, 0.999999))).toEqual([1000, 2000, 4000, 32000, 60000, 60000]);
    expect(backOff(1, 0)).toBe(750);
  });
});
