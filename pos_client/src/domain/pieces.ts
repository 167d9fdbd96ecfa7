/** Counting goods as they come in or go out: what was scanned or typed, against what is expected. Pure. */

import { normaliseSerial, serialProblem, type SerialKind, type SerialProblem } from "./codes";

export interface Expected {
  sku: string;
  name: string;
  /** Each piece has a serial. */
  tracked: boolean;
  /** Pieces still to come. */
  expected: number;
  /** Serials still to come, where they were told. */
  serials: readonly string[];
}

/** Other numbers that a piece carries, empty where nobody told them. */
export interface Numbers { imei2: string; eid: string; serialNumber: string }

export const NUMBER_KINDS = { imei2: "IMEI", eid: "EID", serialNumber: "SERIAL" } as const satisfies Record<keyof Numbers, SerialKind>;

export interface CountedLine {
  sku: string;
  name: string;
  tracked: boolean;
  /** Whole pieces; of tracked ones as many as serials. */
  quantity: number;
  serials: string[];
  damaged: number;
  damagedSerials: string[];
  /** What is wrong with the damaged ones. */
  note: string;
  /** Other numbers of its pieces, by their serial; absent in counts that were begun before there were any. */
  further?: Readonly<Record<string, Numbers>>;
}

/** By SKU. */
export type Count = Readonly<Record<string, CountedLine>>;

export type Difference = "SHORT" | "OVER" | "DAMAGED" | "NOT_ANNOUNCED";

/** A row of the screen: what is expected of an article and what was counted. */
export interface CountRow { expected: Expected; counted: CountedLine }

export const NOTHING: Count = {};

export function countedOf(count: Count, article: Pick<Expected, "sku" | "name" | "tracked">): CountedLine {
  const { sku, name, tracked } = article;
  return count[sku] ?? { sku, name, tracked, quantity: 0, serials: [], damaged: 0, damagedSerials: [], note: "" };
}

/** True when some article has this serial already. */
export function hasSerial(count: Count, serial: string): boolean {
  return Object.values(count).some((line) => line.serials.includes(serial) || line.damagedSerials.includes(serial));
}

/** One piece more, by its serial where it is tracked. */
export function addPiece(count: Count, article: Pick<Expected, "sku" | "name" | "tracked">, serial: string | null, damaged: boolean): Count {
  const line = countedOf(count, article);
  const more = serial === null ? [] : [serial];
  const changed = damaged
    ? { ...line, damaged: line.damaged + 1, damagedSerials: [...line.damagedSerials, ...more] }
    : { ...line, quantity: line.quantity + 1, serials: [...line.serials, ...more] };
  return { ...count, [article.sku]: changed };
}

/** The piece of this serial was not meant. */
export function dropSerial(count: Count, sku: string, serial: string): Count {
  const line = count[sku];
  if (!line) return count;
  const serials = line.serials.filter((other) => other !== serial);
  const damagedSerials = line.damagedSerials.filter((other) => other !== serial);
  return { ...count, [sku]: { ...line, serials, damagedSerials, quantity: serials.length, damaged: damagedSerials.length } };
}

/** The other numbers of a piece, none of them told yet. */
export function numbersOf(line: CountedLine, serial: string): Numbers {
  return line.further?.[serial] ?? { imei2: "", eid: "", serialNumber: "" };
}

export function setNumber(count: Count, sku: string, serial: string, kind: keyof Numbers, value: string): Count {
  const line = count[sku];
  if (!line) return count;
  return { ...count, [sku]: { ...line, further: { ...line.further, [serial]: { ...numbersOf(line, serial), [kind]: value } } } };
}

/** Which of a piece's other numbers a scan is, by its form. */
export function numberScanned(code: string): keyof Numbers {
  if (serialProblem(normaliseSerial(code), "EID") === null) return "eid";
  return serialProblem(normaliseSerial(code), "IMEI") === null ? "imei2" : "serialNumber";
}

/** What is wrong with a piece's other number, null when it is well formed or not told. */
export function numberProblem(kind: keyof Numbers, value: string): SerialProblem | null {
  return value.trim() === "" ? null : serialProblem(normaliseSerial(value), NUMBER_KINDS[kind]);
}

/** True when all other numbers that were told are well formed. */
export function numbersRight(count: Count): boolean {
  return Object.values(count).every((line) => [...line.serials, ...line.damagedSerials].every((serial) => (
    (Object.entries(numbersOf(line, serial)) as [keyof Numbers, string][]).every(([kind, value]) => numberProblem(kind, value) === null)
  )));
}

/** The pieces of an untracked article as someone typed or tapped them; never below nought. */
export function setPieces(count: Count, article: Pick<Expected, "sku" | "name" | "tracked">, quantity: number, damaged: number): Count {
  const line = countedOf(count, article);
  return { ...count, [article.sku]: { ...line, quantity: Math.max(0, quantity), damaged: Math.max(0, damaged) } };
}

export function setNote(count: Count, sku: string, note: string): Count {
  const line = count[sku];
  return line ? { ...count, [sku]: { ...line, note } } : count;
}

/** What is expected, in its order, then what was counted beside it. */
export function rowsOf(expected: readonly Expected[], count: Count): CountRow[] {
  const known = new Set(expected.map(({ sku }) => sku));
  const others = Object.values(count).filter((line) => !known.has(line.sku) && line.quantity + line.damaged > 0);
  return [
    ...expected.map((line) => ({ expected: line, counted: countedOf(count, line) })),
    ...others.map((counted) => ({ expected: { ...counted, expected: 0, serials: [] }, counted })),
  ];
}

/** How an article stands: open while nothing is counted, so that an untouched line is not yet called short. */
export function standing({ expected, counted }: CountRow): "open" | "short" | "complete" | "over" | "notAnnounced" {
  const came = counted.quantity + counted.damaged;
  if (expected.expected === 0) return came > 0 ? "notAnnounced" : "complete";
  if (came === 0) return "open";
  if (came < expected.expected) return "short";
  return came > expected.expected ? "over" : "complete";
}

/** The article that waits for this serial. */
export function announcedWith(expected: readonly Expected[], serial: string): Expected | undefined {
  return expected.find((line) => line.serials.includes(serial));
}

/** The tracked article that a serial nobody announced must be a piece of: the one at hand, or the only one that is still open. */
export function articleAtHand(rows: readonly CountRow[], atHand: string | null): Expected | undefined {
  const tracked = rows.filter(({ expected }) => expected.tracked);
  const chosen = tracked.find(({ expected }) => expected.sku === atHand);
  if (chosen) return chosen.expected;
  const open = tracked.filter((row) => ["open", "short"].includes(standing(row)));
  return open.length === 1 ? open[0]?.expected : undefined;
}

export interface DifferenceRow { sku: string; name: string; kind: Difference; quantity: number }

/** What would be written down if nothing more came; `free` is a delivery that nobody announced, of which nothing is short or over. */
export function differencesOf(rows: readonly CountRow[], free = false): DifferenceRow[] {
  return rows.flatMap(({ expected, counted }) => {
    const { sku, name } = expected;
    const gap = counted.quantity + counted.damaged - expected.expected;
    const found: DifferenceRow[] = [];
    if (counted.damaged > 0) found.push({ sku, name, kind: "DAMAGED", quantity: counted.damaged });
    if (free || gap === 0) return found;
    if (gap < 0) found.push({ sku, name, kind: "SHORT", quantity: -gap });
    else found.push({ sku, name, kind: expected.expected === 0 ? "NOT_ANNOUNCED" : "OVER", quantity: gap });
    return found;
  });
}

export function piecesIn(count: Count): number {
  return Object.values(count).reduce((sum, line) => sum + line.quantity + line.damaged, 0);
}

export interface CountedInput {
  sku: string;
  quantity: number;
  serials: string[];
  damaged: number;
  damagedSerials: string[];
  note: string | null;
  further?: { serial: string; imei2: string | null; eid: string | null; serialNumber: string | null }[];
}

/** What the server is told; articles of which nothing was counted are left out. */
export function toInput(count: Count): CountedInput[] {
  return Object.values(count)
    .filter((line) => line.quantity + line.damaged > 0)
    .map((line) => {
      const { sku, quantity, serials, damaged, damagedSerials, note } = line;
      const further = furtherOf(line);
      return { sku, quantity, serials, damaged, damagedSerials, note: note.trim() || null, ...(further.length > 0 && { further }) };
    });
}

function furtherOf(line: CountedLine): NonNullable<CountedInput["further"]> {
  return [...line.serials, ...line.damagedSerials].flatMap((serial) => {
    const told = numbersOf(line, serial);
    const [imei2, eid, serialNumber] = [told.imei2, told.eid, told.serialNumber].map((value) => normaliseSerial(value) || null) as (string | null)[];
    return imei2 || eid || serialNumber ? [{ serial, imei2: imei2 ?? null, eid: eid ?? null, serialNumber: serialNumber ?? null }] : [];
  });
}
