/** Counting on this device: what it has told, what is left, and what a scan means. Pure. */

import { looksLikeSerial, normaliseSerial, serialProblem, type SerialKind } from "./codes";

/** One line of a `countRecord` act. */
export interface Told {
  sku: string;
  quantity: number;
  serials: string[];
  anew: boolean;
}

export interface CountFacts extends Record<string, unknown> {
  countId: string;
  partId: string;
  round: number;
  lines: Told[];
}

/** An act as the outbox keeps it. */
export interface KeptAct {
  seq: number;
  operation: string;
  state: "waiting" | "recorded" | "attention";
  input: Record<string, unknown>;
}

/** What this device has counted of a SKU. */
export interface Tally {
  pieces: number;
  serials: string[];
}

/** What this device has told of a part's round, by SKU: sent or not, but not what was refused. */
export function tally(acts: readonly KeptAct[], partId: string, round: number): Map<string, Tally> {
  const found = new Map<string, Tally>();
  for (const act of [...acts].sort((a, b) => a.seq - b.seq)) {
    const facts = act.input as unknown as CountFacts;
    if (act.operation !== "countRecord" || act.state === "attention" || facts.partId !== partId || facts.round !== round) continue;
    for (const { sku, quantity, serials, anew } of facts.lines) {
      const before = anew ? undefined : found.get(sku);
      const known = before?.serials ?? [];
      const together = [...known, ...serials.filter((serial) => !known.includes(serial))];
      found.set(sku, { serials: together, pieces: together.length > 0 ? together.length : (before?.pieces ?? 0) + quantity });
    }
  }
  return found;
}

export interface CountableLine {
  sku: string;
  tracking: string;
  counted?: number | null;
}

/** Whether anyone has counted the line in this round. */
export function isCounted(line: CountableLine, mine: ReadonlyMap<string, Tally>): boolean {
  return (line.counted ?? null) !== null || mine.has(line.sku);
}

/** The lines to show, what is left first and each group by name. */
export function inOrder<L extends CountableLine>(lines: readonly L[], mine: ReadonlyMap<string, Tally>, nameOf: (sku: string) => string): L[] {
  const rank = (line: L) => (isCounted(line, mine) ? 1 : 0);
  return [...lines].sort((a, b) => rank(a) - rank(b) || nameOf(a.sku).localeCompare(nameOf(b.sku)));
}

/** The serial number that the article's pieces carry. */
export function kindOf(tracking: string): SerialKind {
  return tracking === "IMEI" || tracking === "ICCID" ? tracking : "SERIAL";
}

export type Meaning =
  /** One more piece of it. */
  | { type: "piece"; sku: string }
  /** Its pieces are scanned one by one: it is the one being counted now. */
  | { type: "choose"; sku: string }
  | { type: "serial"; sku: string; serial: string }
  /** A serial number, of which article is not known here. */
  | { type: "ask"; serial: string }
  | { type: "unknown"; code: string };

export interface Articles {
  findSku: (code: string) => string | undefined;
  trackingOf: (sku: string) => string | undefined;
}

/** What a scanned code means while `current` is being counted. */
export function meaningOf(code: string, current: string | null, { findSku, trackingOf }: Articles): Meaning {
  const sku = findSku(code);
  if (sku !== undefined) return (trackingOf(sku) ?? "NONE") === "NONE" ? { type: "piece", sku } : { type: "choose", sku };
  const serial = normaliseSerial(code);
  const kind = looksLikeSerial(code);
  const tracking = current === null ? "NONE" : trackingOf(current) ?? "NONE";
  if (current !== null && tracking !== "NONE" && serialProblem(serial, kindOf(tracking)) === null) {
    // An IMEI is no maker's serial number, though it has the form of one.
    if (kindOf(tracking) !== "SERIAL" || kind === null) return { type: "serial", sku: current, serial };
  }
  return kind === null ? { type: "unknown", code } : { type: "ask", serial };
}

/** Digits of the pad as a whole number of pieces; null for nothing typed. */
export function piecesOf(digits: string): number | null {
  return digits === "" ? null : Number(digits);
}

/** One more digit, as long as the number can be one of pieces. */
export function withDigits(digits: string, more: string): string {
  return `${digits}${more}`.replace(/^0+(?=\d)/, "").slice(0, 6);
}
