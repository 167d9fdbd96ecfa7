/** What a shopper asks for, kept in the page's address so that it can be shared, reloaded and gone back to. */

import type { GuidedSearchInput, SearchSort } from "../gql/graphql";

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
}

export const SORTS: readonly SearchSort[] = ["RELEVANCE", "BEST_SELLING", "PRICE_ASC", "PRICE_DESC", "NEWEST", "NAME"];

const VALUE = "f.";
const RANGE = "r.";
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
  return {
    text: parameters.get("q")?.trim() ?? "",
    refinements: [...refinements.values()].filter(isMeaningful),
    sort: sort && SORTS.includes(sort) ? sort : "RELEVANCE",
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
export function writeSearch({ text, refinements, sort }: SearchState): URLSearchParams {
  const parameters = new URLSearchParams();
  if (text) parameters.set("q", text);
  for (const { dimension, values, minimum, maximum } of refinements) {
    for (const value of values) parameters.append(VALUE + dimension, value);
    if (minimum !== undefined || maximum !== undefined) {
      parameters.append(RANGE + dimension, `${minimum ?? ""}..${maximum ?? ""}`);
    }
  }
  if (sort !== "RELEVANCE") parameters.set("sort", sort);
  return parameters;
}

/** Choose a value or take the choice back. `single` dimensions hold one value at a time. */
export function toggleValue(state: SearchState, dimension: string, value: string, single = false): SearchState {
  const current = state.refinements.find((refinement) => refinement.dimension === dimension)?.values ?? [];
  const others = single ? [] : current.filter((other) => other !== value);
  return withRefinement(state, { dimension, values: current.includes(value) ? others : [...others, value] });
}

/** Put a refinement in the place of the one of its dimension; an empty one takes it away. */
export function withRefinement(state: SearchState, refinement: Refinement): SearchState {
  const others = state.refinements.filter((other) => other.dimension !== refinement.dimension);
  return { ...state, refinements: isMeaningful(refinement) ? [...others, refinement] : others };
}

/** The part of the API's input that the address holds. */
export function searchInput({ text, refinements, sort }: SearchState): GuidedSearchInput {
  return { text: text || null, sort, refinements: refinements.map((refinement) => ({ ...refinement })) };
}
