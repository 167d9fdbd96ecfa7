/** What the server says of counts, adjustments and shelves. */

import { AdjustmentOptions, Adjustments, CountLines, Counts, CountScopes, CountVariances, ShelfGaps } from "../api/countDocuments";
import type {
  AdjustmentFieldsFragment, AdjustmentOptionsQuery, CountFieldsFragment, ShelfGapsQuery, StockCountLinesQuery, StockCountScopesQuery, StockCountVariancesQuery,
} from "../gql/graphql";
import { call } from "./till";

export type Count = CountFieldsFragment;
export type Part = Count["parts"][number];
export type Line = StockCountLinesQuery["stockCountLines"]["edges"][number]["node"];
export type Variance = StockCountVariancesQuery["stockCountVariances"]["edges"][number]["node"];
export type Scopes = StockCountScopesQuery["stockCountScopes"];
export type Adjustment = AdjustmentFieldsFragment;
export type Options = AdjustmentOptionsQuery["adjustmentOptions"];
export type Gap = ShelfGapsQuery["shelfGaps"]["edges"][number]["node"];

interface PageOf<T> { edges: { node: T }[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } }

/** Pages of one list; more than this is a fault, not a list. */
const MOST_PAGES = 100;

async function all<T>(page: (after: string | null) => Promise<PageOf<T>>): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  for (let number = 0; number < MOST_PAGES; number += 1) {
    const { edges, pageInfo }: PageOf<T> = await page(after);
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor ?? null;
  }
  return found;
}

export function openCounts(): Promise<Count[]> {
  return all<Count>(async (after) => (await call(Counts, { after })).stockCounts);
}

export async function countScopes(): Promise<Scopes> {
  return (await call(CountScopes, {})).stockCountScopes;
}

export function countLines(countId: string, partId: string): Promise<Line[]> {
  return all(async (after) => (await call(CountLines, { countId, partId, after })).stockCountLines);
}

export function countVariances(countId: string): Promise<Variance[]> {
  return all(async (after) => (await call(CountVariances, { countId, after })).stockCountVariances);
}

export async function adjustmentOptions(): Promise<Options> {
  return (await call(AdjustmentOptions, {})).adjustmentOptions;
}

export async function recentAdjustments(): Promise<Adjustment[]> {
  return (await call(Adjustments, {})).stockAdjustments.edges.map(({ node }) => node);
}

export async function shelfGaps(): Promise<Gap[]> {
  return (await call(ShelfGaps, {})).shelfGaps.edges.map(({ node }) => node);
}
