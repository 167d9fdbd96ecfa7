/** What the stock screens ask the server. */

import { StockLookup, UnitHistory } from "../api/lookupDocuments";
import { Deliveries, OneDelivery, OneTransfer, Transfers, VendorReturns } from "../api/receivingDocuments";
import type {
  DeliveryFieldsFragment, DifferenceFieldsFragment, PosDeliveryQuery, PosStockLookupQuery, PosTransferQuery, PosUnitHistoryQuery, StockRoomFieldsFragment,
  TransferFieldsFragment, VendorReturnFieldsFragment,
} from "../gql/graphql";
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

export type Delivery = DeliveryFieldsFragment;
export type DeliveryDetail = PosDeliveryQuery["stockDelivery"];
export type Transfer = TransferFieldsFragment;
export type TransferDetail = PosTransferQuery["stockTransfer"];
export type ReceiptDifference = DifferenceFieldsFragment;
export type VendorReturn = VendorReturnFieldsFragment;

export async function deliveries(): Promise<Delivery[]> {
  return (await call(Deliveries, {})).stockDeliveries.edges.map(({ node }) => node);
}

export async function oneDelivery(id: string): Promise<DeliveryDetail> {
  return (await call(OneDelivery, { id })).stockDelivery;
}

export async function transfers(incoming: boolean): Promise<Transfer[]> {
  return (await call(Transfers, { incoming })).stockTransfers.edges.map(({ node }) => node);
}

export async function oneTransfer(id: string): Promise<TransferDetail> {
  return (await call(OneTransfer, { id })).stockTransfer;
}

export async function vendorReturns(): Promise<VendorReturn[]> {
  return (await call(VendorReturns, {})).stockVendorReturns.edges.map(({ node }) => node);
}
