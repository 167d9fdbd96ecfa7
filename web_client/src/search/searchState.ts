/** What a shopper asks for, kept in the page's address so that it can be shared, reloaded and gone back to. */

import type { GuidedSearchInput, SearchSort } from "../gql/graphql";
import type { Place } from "../session/stores";

export interface Refinement {
  dimension: string;
  values: string[];
  minimum?: string;
  maximum?: string;
}

export interface SearchState {
  text: string;
  refinements: Refinement[];
  sort: SearchSort;
  /** The text is meant as typed: nothing is corrected. */
  verbatim?: boolean;
}

export const SORTS: readonly SearchSort[] = ["RELEVANCE", "BEST_SELLING", "PRICE_ASC", "PRICE_DESC", "MONTHLY_PRICE_ASC", "DISTANCE", "NEWEST", "NAME"];

const VALUE = "f.";
const RANGE = "r.";
const VERBATIM = "exact";
const DECIMAL = /^\d+(\.\d+)?$/;

/** Read an address; what is malformed in it is left out. */
export function readSearch(parameters: URLSearchParams): SearchState {
  const refinements = new Map<string, Refinement>();
  for (const [name, value] of parameters) {
    const isValue = name.startsWith(VALUE);
    const dimension = name.slice(VALUE.length);
    if (!dimension || !value || !(isValue || name.startsWith(RANGE))) continue;
    const refinement = refinements.get(dimension) ?? { dimension, values: [] };
    if (!isValue) addRange(refinement, value);
    else if (!refinement.values.includes(value)) refinement.values.push(value);
    refinements.set(dimension, refinement);
  }
  const sort = parameters.get("sort") as SearchSort | null;
  const text = parameters.get("q")?.trim() ?? "";
  return {
    text,
    refinements: [...refinements.values()].filter(isMeaningful),
    sort: sort && SORTS.includes(sort) ? sort : "RELEVANCE",
    ...(text && parameters.has(VERBATIM) ? { verbatim: true } : {}),
  };
}

function addRange(refinement: Refinement, text: string): void {
  const [minimum = "", maximum = ""] = text.split("..");
  if (DECIMAL.test(minimum)) refinement.minimum = minimum;
  if (DECIMAL.test(maximum)) refinement.maximum = maximum;
}

function isMeaningful({ values, minimum, maximum }: Refinement): boolean {
  return values.length > 0 || minimum !== undefined || maximum !== undefined;
}

/** The address of a search. */
export function writeSearch({ text, refinements, sort, verbatim }: SearchState): URLSearchParams {
  const parameters = new URLSearchParams();
  if (text) parameters.set("q", text);
  if (text && verbatim) parameters.set(VERBATIM, "1");
  for (const { dimension, values, minimum, maximum } of refinements) {
    for (const value of values) parameters.append(VALUE + dimension, value);
    if (minimum !== undefined || maximum !== undefined) {
      parameters.append(RANGE + dimension, `${minimum ?? ""}..${maximum ?? ""}`);
    }
  }
  if (sort !== "RELEVANCE") parameters.set("sort", sort);
  return parameters;
}

/** The page that shows a text's results, or those of one value of a dimension. */
export function searchAddress(text: string, dimension?: string, value?: string): string {
  const refinements = dimension && value ? [{ dimension, values: [value] }] : [];
  return `/search?${writeSearch({ text, refinements, sort: "RELEVANCE" })}`;
}

/** Values chosen in a dimension. */
export function chosenValues(state: SearchState, dimension: string): string[] {
  return state.refinements.find((refinement) => refinement.dimension === dimension)?.values ?? [];
}

/** Choose a value or take the choice back; a range set by hand goes. `single` dimensions hold one value at a time. */
export function toggleValue(state: SearchState, dimension: string, value: string, single = false): SearchState {
  const current = chosenValues(state, dimension);
  const others = single ? [] : current.filter((other) => other !== value);
  return withRefinement(state, { dimension, values: current.includes(value) ? others : [...others, value] });
}

/** Put a refinement in the place of the one of its dimension; an empty one takes it away. */
export function withRefinement(state: SearchState, refinement: Refinement): SearchState {
  const others = state.refinements.filter((other) => other.dimension !== refinement.dimension);
  return { ...state, refinements: isMeaningful(refinement) ? [...others, refinement] : others };
}

/** The same with another text; a new text may be corrected again. */
export function withText(state: SearchState, text: string): SearchState {
  const { verbatim: _verbatim, ...rest } = state;
  return { ...rest, text };
}

/** The part of the API's input that the address holds. */
export function searchInput({ text, refinements, sort, verbatim }: SearchState): GuidedSearchInput {
  const input = { text: text || null, sort, refinements: refinements.map((refinement) => ({ ...refinement })) };
  return verbatim ? { ...input, verbatim } : input;
}

/** By distance only from somewhere: a link that somebody shared brings no place with it. */
export const sortFrom = (sort: SearchSort, near: Place | null): SearchSort => (sort === "DISTANCE" && !near ? "RELEVANCE" : sort);
