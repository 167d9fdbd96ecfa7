/**
 * What can be done with stock: the mutation of each operation by the name that entries of the outbox keep. Each takes one `input` with clientId,
 * occurredAt and storeId, and answers one payload with `errors`. A name is never given anew: a device may hold entries of an older version.
 */

import {
  Adjust, AdjustmentDecide, CountAuthorise, CountCancel, CountComplete, CountOpen, CountRecord, CountRecount, ShelfReplenish,
} from "./countDocuments";
import { ContradictionSettle } from "./resolutionDocuments";
import type { TypedDocumentString } from "../gql/graphql";
import {
  DeliveryReceive, DeliveryUnannounced, TransferCancel, TransferDecide, TransferPick, TransferReceive, TransferRequest, TransferSettle, TransferShip,
  VendorReturnCancel, VendorReturnPrepare, VendorReturnShip,
} from "./receivingDocuments";

export type StockPayload = { errors: readonly { code: string; field?: string | null; message: string }[] } & Record<string, unknown>;

/** Any of these documents; what it takes is checked where an act is made, by `StockAct`. */
type StockDocument = TypedDocumentString<Record<string, StockPayload>, never>;

export const STOCK_ACTS: Record<string, StockDocument | undefined> = {
  deliveryReceive: DeliveryReceive,
  deliveryUnannounced: DeliveryUnannounced,
  transferRequest: TransferRequest,
  transferDecide: TransferDecide,
  transferPick: TransferPick,
  transferShip: TransferShip,
  transferCancel: TransferCancel,
  transferReceive: TransferReceive,
  transferSettle: TransferSettle,
  vendorReturnPrepare: VendorReturnPrepare,
  vendorReturnShip: VendorReturnShip,
  vendorReturnCancel: VendorReturnCancel,
  countOpen: CountOpen,
  countRecord: CountRecord,
  countComplete: CountComplete,
  countRecount: CountRecount,
  countAuthorise: CountAuthorise,
  countCancel: CountCancel,
  adjust: Adjust,
  adjustmentDecide: AdjustmentDecide,
  shelfReplenish: ShelfReplenish,
  contradictionSettle: ContradictionSettle,
};
