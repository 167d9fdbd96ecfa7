/** What a configuration's prices say beyond their sums. Pure: every amount stays an exact decimal. */

import { compareMoney, isPositive, type Money, subtractMoney, sumMoney } from "@shared/money";
import { type Change, lineOf, type Offer } from "./choice";

export interface Violation {
  code: string;
  message: string;
  remedy: string;
  group?: string | null;
  instance?: number | null;
  sku?: string | null;
  characteristic?: string | null;
  changes: Change[];
}

/** The group, and its instance, that a violation is told at: its own, else that of the first change that mends it; null where there is none. */
export function placedAt({ group, instance, changes }: Pick<Violation, "group" | "instance" | "changes">): { group: string; instance: number } | null {
  if (group) return { group, instance: instance ?? 1 };
  const [first] = changes;
  return first ? { group: first.group, instance: first.instance } : null;
}

export interface PriceLine {
  sku: string;
  name: string;
  group: string;
  instance: number;
  quantity: number;
  oneTime: Money;
  recurring: Money;
  instalmentMonths?: number | null;
  instalment?: Money | null;
  availableFrom?: string | null;
  firstBill: Money;
  explanation: { label: string; amount: Money }[];
}

/** What the API says of a choice. */
export interface Configuration {
  valid: boolean;
  violations: Violation[];
  dueToday: Money;
  monthly: Money;
  totalOverTerm: Money;
  lines: PriceLine[];
  promiseDate?: string | null;
  exitCosts: Money[];
  firstBill: Money;
  firstBillDate: string;
  firstBillDays: number;
  firstBillOfDays: number;
  validUntil: string;
}

export interface Phase {
  /** First month, from 1. */
  from: number;
  monthly: Money;
}

/** What a month costs from when to when: an instalment that ends before the term does makes the months after it cheaper. */
export function phasesOf({ monthly, lines }: Pick<Configuration, "monthly" | "lines">, term: number): Phase[] {
  const ends = lines.flatMap(({ instalmentMonths: months, instalment }) =>
    months && instalment && isPositive(instalment) && months < term ? [{ months, instalment }] : [],
  );
  const phases: Phase[] = [{ from: 1, monthly }];
  for (const { months, instalment } of ends.sort((a, b) => a.months - b.months)) {
    const last = phases[phases.length - 1] as Phase;
    const next = subtractMoney(last.monthly, instalment);
    if (last.from === months + 1) last.monthly = next;
    else phases.push({ from: months + 1, monthly: next });
  }
  return phases;
}

export interface LineSum {
  monthly: Money;
  today: Money;
}

/** What one instance of a repeatable group costs, all that lies in it together: the price of line n of a family. Null while nothing is in it. */
export function sumOfLine(offer: Offer, lines: readonly PriceLine[], line: string, instance: number): LineSum | null {
  const own = lines.filter((one) => one.instance === instance && lineOf(offer, one.group) === line);
  const monthly = sumMoney(own.flatMap(({ recurring, instalment }) => (instalment ? [recurring, instalment] : [recurring])));
  const today = sumMoney(own.map(({ oneTime }) => oneTime));
  return monthly && today && { monthly, today };
}

export type SumName = "monthly" | "dueToday" | "totalOverTerm";

export interface SumDifference {
  name: SumName;
  before: Money;
  now: Money;
}

/** The sums that are others than they were when the same choice was priced before. */
export function differences(before: Record<SumName, Money>, now: Record<SumName, Money>): SumDifference[] {
  return (["dueToday", "monthly", "totalOverTerm"] as const).flatMap((name) =>
    compareMoney(before[name], now[name]) === 0 ? [] : [{ name, before: before[name], now: now[name] }]);
}

/** Until when what is shown holds: prices and dates end with the day, what an address can have with its answer. */
export function holdsUntil(validUntil: string, addressUntil: string | null): string {
  return addressUntil !== null && Date.parse(addressUntil) < Date.parse(validUntil) ? addressUntil : validUntil;
}

export interface Bar {
  month: number;
  cost: Money;
  /** 0 to 1 of the dearest month: for drawing alone. */
  height: number;
}

export function barsOf(exitCosts: readonly Money[]): Bar[] {
  const most = Math.max(...exitCosts.map(({ amount }) => Number(amount)), 0);
  return exitCosts.map((cost, month) => ({ month, cost, height: most > 0 ? Math.max(0, Number(cost.amount)) / most : 0 }));
}

/** The lines of a cart or an order, those of one bundle together where the first of them stands. */
export function byBundle<TLine extends { bundleId?: string | null }>(lines: readonly TLine[]): { bundleId: string | null; lines: TLine[] }[] {
  const parts: { bundleId: string | null; lines: TLine[] }[] = [];
  for (const line of lines) {
    const bundleId = line.bundleId ?? null;
    const part = bundleId === null ? undefined : parts.find((one) => one.bundleId === bundleId);
    if (part) part.lines.push(line);
    else parts.push({ bundleId, lines: [line] });
  }
  return parts;
}
