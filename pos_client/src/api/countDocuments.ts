/** Stock counts, adjustments and shelves, as GraphQL documents. */

import { graphql } from "../gql";

export const CountFields = graphql(`
  fragment CountFields on StockCount {
    id type name blind state openedAt plannedFor lines counted
    parts { id roomId room roomKind category state round lines counted }
  }
`);

export const Counts = graphql(`
  query StockCounts($after: String) {
    stockCounts(first: 50, after: $after) { edges { node { ...CountFields } } pageInfo { hasNextPage endCursor } }
  }
`);

export const CountScopes = graphql(`
  query StockCountScopes { stockCountScopes { rooms { id name kind sellable } categories { path names skus } } }
`);

export const CountLines = graphql(`
  query StockCountLines($countId: ID!, $partId: ID!, $after: String) {
    stockCountLines(countId: $countId, partId: $partId, first: 100, after: $after) {
      edges { node { id sku tracking counted expected scanned } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CountVariances = graphql(`
  query StockCountVariances($countId: ID!, $after: String) {
    stockCountVariances(countId: $countId, first: 100, after: $after) {
      edges { node { lineId partId room roomKind sku counted expected variance withinTolerance disturbed missing found elsewhere } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CountOpen = graphql(`
  mutation StockCountOpen($input: StockCountOpenInput!) { stockCountOpen(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);
export const CountRecord = graphql(`
  mutation StockCountRecord($input: StockCountRecordInput!) { stockCountRecord(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);
export const CountComplete = graphql(`
  mutation StockCountComplete($input: StockCountCompleteInput!) { stockCountComplete(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);
export const CountRecount = graphql(`
  mutation StockCountRecount($input: StockCountRecountInput!) { stockCountRecount(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);
export const CountAuthorise = graphql(`
  mutation StockCountAuthorise($input: StockCountAuthoriseInput!) { stockCountAuthorise(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);
export const CountCancel = graphql(`
  mutation StockCountCancel($input: StockCountCancelInput!) { stockCountCancel(input: $input) { count { ...CountFields } replayed errors { ...ErrorFields } } }
`);

export const AdjustmentFields = graphql(`
  fragment AdjustmentFields on Adjustment {
    id reason sku quantity serials note state mine occurredAt
    room { id name kind sellable }
    toRoom { id name kind sellable }
  }
`);

export const AdjustmentOptions = graphql(`
  query AdjustmentOptions {
    adjustmentOptions { reasons { code name direction toRoomKind approvalFrom } rooms { id name kind sellable } }
  }
`);
export const Adjustments = graphql(`
  query StockAdjustments { stockAdjustments(first: 30) { edges { node { ...AdjustmentFields } } } }
`);
export const Adjust = graphql(`
  mutation StockAdjust($input: StockAdjustInput!) { stockAdjust(input: $input) { adjustment { ...AdjustmentFields } replayed errors { ...ErrorFields } } }
`);
export const AdjustmentDecide = graphql(`
  mutation StockAdjustmentDecide($input: StockAdjustmentDecideInput!) {
    stockAdjustmentDecide(input: $input) { adjustment { ...AdjustmentFields } replayed errors { ...ErrorFields } }
  }
`);

export const ShelfGaps = graphql(`
  query ShelfGaps { shelfGaps(first: 100) { edges { node { sku tracking floor par wanted sold reserves { roomId room quantity } } } } }
`);
export const ShelfReplenish = graphql(`
  mutation ShelfReplenish($input: ShelfReplenishInput!) { shelfReplenish(input: $input) { pieces replayed errors { ...ErrorFields } } }
`);
