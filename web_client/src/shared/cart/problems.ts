/** What of a cart is another than the customer was told, each with the one act that mends it. Pure. */

import { differences, type SumDifference } from "@shared/bundle/prices";
import type { ConfigurationInput } from "@shared/bundle/choice";
import type { Money } from "@shared/money";

interface Sums {
  dueToday: Money;
  monthly: Money;
  totalOverTerm: Money;
}

interface Bundle extends Sums {
  id: string;
  offerCode: string;
  name: string;
  term: number;
  qualificationId?: string | null;
  promiseDate?: string | null;
  selections: ConfigurationInput["selections"];
  requoted?: { refusal?: string | null; promiseDate?: string | null; dueToday?: Money | null; monthly?: Money | null; totalOverTerm?: Money | null } | null;
}

/** The part of a cart, as either client reads it, that can be wrong. */
export interface CheckedCart {
  lines: readonly { id: string; name: string; availableFrom?: string | null; bundleId?: string | null }[];
  bundles: readonly Bundle[];
  problems: readonly { code: string; field?: string | null; message: string }[];
}

export type Remedy =
  | { kind: "ACCEPT_DATE"; lineId: string; day: string }
  | { kind: "TAKE_PRICE"; bundleId: string; configuration: ConfigurationInput }
  | { kind: "REMOVE_LINE"; lineId: string; name: string }
  | { kind: "CHANGE_BUNDLE"; bundleId: string; offerCode: string };

export interface CartProblem {
  key: string;
  code: string;
  /** The line or bundle that it concerns; empty where the whole cart is meant. */
  name: string;
  /** The server's sentence; null where `changed` says it. */
  message: string | null;
  changed: SumDifference[];
  /** The day from which all of a bundle works now, where that is later than was told. */
  later: string | null;
  remedy: Remedy | null;
}

/** Every problem of a cart: those that the server names, line by line, then the bundles whose price was kept and is another by now. */
export function problemsIn(cart: CheckedCart): CartProblem[] {
  return [...cart.problems.map((problem, index) => named(cart, problem, index)), ...cart.bundles.flatMap(runOut)];
}

/** The line that a problem names by its place ("lines.2"). */
function lineNamed(cart: CheckedCart, field: string | null | undefined) {
  const index = /^lines\.(\d+)\b/.exec(field ?? "")?.[1];
  return index === undefined ? undefined : cart.lines[Number(index)];
}

function named(cart: CheckedCart, { code, field, message }: CheckedCart["problems"][number], index: number): CartProblem {
  const line = lineNamed(cart, field);
  return { key: `${code}.${line?.id ?? index}`, code, name: line?.name ?? "", message, changed: [], later: null, remedy: line ? remedyFor(cart, code, line) : null };
}

function remedyFor(cart: CheckedCart, code: string, line: CheckedCart["lines"][number]): Remedy | null {
  if (code === "DATE_CHANGED") return line.availableFrom ? { kind: "ACCEPT_DATE", lineId: line.id, day: line.availableFrom } : null;
  if (code !== "SERVICE_NOT_AVAILABLE") return null;
  const bundle = cart.bundles.find(({ id }) => id === line.bundleId);
  return bundle ? changing(bundle) : { kind: "REMOVE_LINE", lineId: line.id, name: line.name };
}

const changing = ({ id, offerCode }: Bundle): Remedy => ({ kind: "CHANGE_BUNDLE", bundleId: id, offerCode });

/** A price that is no longer kept is told only where it, or the day, is worse or another. */
function runOut(bundle: Bundle): CartProblem[] {
  const { requoted, id, name } = bundle;
  if (!requoted) return [];
  const told = { key: `quote.${id}`, name, message: null, changed: [], later: null };
  if (requoted.refusal) return [{ ...told, code: "QUOTE_REFUSED", message: requoted.refusal, remedy: changing(bundle) }];
  const { dueToday, monthly, totalOverTerm, promiseDate } = requoted;
  const changed = dueToday && monthly && totalOverTerm ? differences(bundle, { dueToday, monthly, totalOverTerm }) : [];
  const later = promiseDate && promiseDate > (bundle.promiseDate ?? "") ? promiseDate : null;
  if (!changed.length && !later) return [];
  return [{ ...told, code: "PRICE_CHANGED", changed, later, remedy: { kind: "TAKE_PRICE", bundleId: id, configuration: configurationOf(bundle) } }];
}

/** The question that a bundle answers: asked again, it is priced as of now. */
function configurationOf({ offerCode, term, selections, qualificationId }: Bundle): ConfigurationInput {
  return { offerCode, term, selections, qualificationId: qualificationId ?? null };
}
