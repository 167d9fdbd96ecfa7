/** What a configuration's prices say beyond their sums. Pure: every amount stays an exact decimal. */

import { isPositive, type Money, subtractMoney } from "@shared/money";
import type { ConfigureBundleQuery } from "../gql/graphql";

export type Configuration = ConfigureBundleQuery["configureBundle"];
export type Violation = Configuration["violations"][number];
export type PriceLine = Configuration["lines"][number];

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

/** The bundle that came into the cart with a change. */
export function addedBundle(before: readonly { bundleId?: string | null }[], after: readonly { bundleId?: string | null }[]): string | null {
  const known = new Set(before.map(({ bundleId }) => bundleId));
  return after.find(({ bundleId }) => bundleId && !known.has(bundleId))?.bundleId ?? null;
}
