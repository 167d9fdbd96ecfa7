/** What the stock screens ask the server. */

import { StockLookup, UnitHistory } from "../api/lookupDocuments";
import type { PosStockLookupQuery, PosUnitHistoryQuery, StockRoomFieldsFragment } from "../gql/graphql";
import { call } from "./till";

export type StockFound = PosStockLookupQuery["stockLookup"];
export type StockArticle = NonNullable<StockFound["article"]>;
export type StockUnit = StockFound["units"][number];
export type UnitEvent = PosUnitHistoryQuery["unitHistory"]["edges"][number]["node"];
export type StockRoom = StockRoomFieldsFragment;

export async function lookUpStock(code: string, sku: string | null): Promise<StockFound> {
  return (await call(StockLookup, { code, sku })).stockLookup;
}

export interface HistoryPage {
  events: UnitEvent[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

export async function unitHistory(unitId: string, after: string | null): Promise<HistoryPage> {
  const { unitHistory: found } = await call(UnitHistory, { unitId, after });
  return { events: found.edges.map(({ node }) => node), next: found.pageInfo.hasNextPage ? found.pageInfo.endCursor ?? null : null };
}
