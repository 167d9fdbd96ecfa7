/**
 * The outbox: every shift, sale and act with stock is written here before it is sent, and stays until the server has recorded it.
 *
 * States: `waiting` (to be sent, for ever if need be) -> `recorded`, or `attention` when the server refuses it and a
 * person must look. Nothing leaves this table. There is no "sending" state, so a crash in the middle of a request leaves the
 * entry waiting; the server knows entries by their clientId and records each once. This module is pure: `delivery.ts` runs it.
 */

import type { Entry, Problem } from "./db";

/** Sales in one request. */
export const BATCH_SIZE = 20;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Codes by which the server asks for the same entry again; everything else is a refusal. */
const TRANSIENT = new Set(["TRY_AGAIN", "IN_PROGRESS", "CORE_UNAVAILABLE", "STORAGE_FULL", "SERVER_ERROR"]);

export function isTransient(problem: Problem): boolean {
  return TRANSIENT.has(problem.code);
}

/** Pause before the next try after `failures` failures in a row: doubling from one second to a minute; `chance` in [0, 1) spreads it. */
export function backOff(failures: number, chance: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(delay * (0.75 + chance / 4));
}

export type Plan =
  | { type: "send"; entries: Entry[] }
  /** Nothing may be sent before `at` (milliseconds since the epoch). */
  | { type: "wait"; at: number }
  | { type: "idle" };

/**
 * What to send next. A sale goes after the opening of its shift, the closing after all of them; an act with stock alone, after earlier ones on
 * the same subject. An entry that failed before goes alone, so that a bad one holds up no other.
 */
export function planNext(waiting: Entry[], now: number): Plan {
  const ordered = [...waiting].sort((a, b) => a.seq - b.seq);
  const free = ordered.filter((entry) => !isBlocked(entry, ordered));
  const ready = free.filter((entry) => entry.nextAttemptAt <= now);
  const [first] = ready;
  if (!first) return free.length === 0 ? { type: "idle" } : { type: "wait", at: Math.min(...free.map((entry) => entry.nextAttemptAt)) };
  if (!batchable(first)) return { type: "send", entries: [first] };
  return { type: "send", entries: ready.filter(batchable).slice(0, BATCH_SIZE) };
}

function batchable(entry: Entry): boolean {
  return (entry.kind === "sale" || entry.kind === "payment") && entry.attempts === 0;
}

function isBlocked(entry: Entry, waiting: Entry[]): boolean {
  if (entry.kind === "stock") return waiting.some((other) => other.kind === "stock" && other.subject === entry.subject && other.subject !== null && other.seq < entry.seq);
  const sameShift = waiting.filter((other) => other !== entry && other.shiftId === entry.shiftId);
  if (entry.kind === "shiftClose") return sameShift.length > 0;
  return entry.kind !== "shiftOpen" && sameShift.some((other) => other.kind === "shiftOpen");
}

/** Changes to an entry after a sending that the server could not judge. */
export function afterTrouble(entry: Entry, problem: Problem, now: number, chance: number): Partial<Entry> {
  const attempts = entry.attempts + 1;
  return { attempts, nextAttemptAt: now + backOff(attempts, chance), lastProblem: problem };
}

/** Changes to an entry that the server refused: it is kept for a person. */
export function afterRefusal(entry: Entry, problems: Problem[], now: number, chance: number): Partial<Entry> {
  const [first] = problems;
  if (first && problems.every(isTransient)) return afterTrouble(entry, first, now, chance);
  return { state: "attention", attempts: entry.attempts + 1, lastProblem: first ?? null };
}

/** Changes to an entry that the server has. */
export function afterRecord(exceptions: Problem[], at: string): Partial<Entry> {
  return { state: "recorded", recordedAt: at, exceptions, lastProblem: null, nextAttemptAt: 0 };
}

/** Changes by which a person sends a refused entry once more. */
export function sendAgain(): Partial<Entry> {
  return { state: "waiting", nextAttemptAt: 0 };
}
