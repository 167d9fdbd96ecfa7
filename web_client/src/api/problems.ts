/** Turning failures into words beside the right field. */

import { ApiRequestError, type ApiProblem, NetworkError } from "@shared/graphql";
import i18n from "../i18n";
import { PayloadError } from "./client";

/** Every failure as problems that a person can read. A bug of our own is told as such, without its details. */
export function problemsOf(error: unknown): ApiProblem[] {
  if (!error) return [];
  if (error instanceof PayloadError) return error.problems;
  if (error instanceof ApiRequestError) return [{ code: error.code, field: error.field, message: error.message }];
  if (error instanceof NetworkError) return [{ code: "NETWORK", message: networkMessage() }];
  console.error(error);
  return [{ code: "INTERNAL", message: i18n.t("errors.internal") }];
}

function networkMessage(): string {
  return i18n.t(navigator.onLine ? "errors.unreachable" : "errors.offline");
}

export interface SortedProblems<TField extends string> {
  fields: Partial<Record<TField, string>>;
  rest: ApiProblem[];
}

/**
 * Problems by form field. The API names an input path ("contact.email", "lines.0.quantity"): a field's own name
 * anywhere in it counts, the innermost first. What names no field of this form is for the form as a whole.
 */
export function byField<TField extends string>(problems: ApiProblem[], names: readonly TField[]): SortedProblems<TField> {
  const sorted: SortedProblems<TField> = { fields: {}, rest: [] };
  for (const problem of problems) {
    const path = (problem.field ?? "").split(".").reverse();
    const name = path.find((part): part is TField => names.includes(part as TField));
    if (name && !sorted.fields[name]) sorted.fields[name] = problem.message;
    else sorted.rest.push(problem);
  }
  return sorted;
}
