/** Settling a contradiction step by step: the way, the numbers that it needs, how the person knows. Pure. */

import { normaliseCode, normaliseSerial, serialProblem, type SerialKind, type SerialProblem } from "./codes";

/** A way to settle it, as the server proposes it. */
export interface Proposal<Way extends string = string> {
  settlement: Way;
  /** How many pieces are to be named; nought: none. */
  numbers: number;
  /** What it will do; empty until the pieces are named. */
  effect: readonly string[];
}

/** What a person has chosen so far. */
export interface Choice {
  settlement: string | null;
  serials: readonly string[];
  reason: string;
}

export const UNDECIDED: Choice = { settlement: null, serials: [], reason: "" };

/** The proposal that is chosen; null when none is, or when it is open no more. */
export function chosenOf<P extends Proposal>(choice: Choice, proposals: readonly P[]): P | null {
  return proposals.find(({ settlement }) => settlement === choice.settlement) ?? null;
}

/** Another way forgets the numbers and keeps the reason. */
export function choose(choice: Choice, settlement: string): Choice {
  return choice.settlement === settlement ? choice : { ...choice, settlement, serials: [] };
}

export type Refusal = SerialProblem | "twice" | "enough";

/** The choice with one more piece named, or why it cannot be. `kind` is null where the device does not know the article. */
export function withNumber(choice: Choice, proposal: Proposal, code: string, kind: SerialKind | null): Choice | Refusal {
  const serial = kind === "SERIAL" || kind === null ? normaliseSerial(code) : normaliseCode(code);
  const wrong = kind === null ? null : serialProblem(serial, kind);
  if (wrong) return wrong;
  if (choice.serials.includes(serial)) return "twice";
  if (choice.serials.length >= proposal.numbers) return "enough";
  return { ...choice, serials: [...choice.serials, serial] };
}

export function withoutNumber(choice: Choice, serial: string): Choice {
  return { ...choice, serials: choice.serials.filter((one) => one !== serial) };
}

/** The first thing that is still to be done before it can be settled; null when it can. */
export function missing(choice: Choice, proposals: readonly Proposal[]): "way" | "numbers" | "reason" | null {
  const chosen = chosenOf(choice, proposals);
  if (!chosen) return "way";
  if (choice.serials.length !== chosen.numbers) return "numbers";
  return choice.reason.trim() === "" ? "reason" : null;
}

/** The facts of the act. */
export function settleFacts(contradictionId: string, choice: Choice): Record<string, unknown> {
  return { contradictionId, settlement: choice.settlement, serials: choice.serials, reason: choice.reason.trim() };
}
