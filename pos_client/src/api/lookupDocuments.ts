/** Looking stock up. */

import { graphql } from "../gql";

export const StockRoomFields = graphql(`
  fragment StockRoomFields on StockRoom { id code name kind sellable }
`);

export const StockLookup = graphql(`
  query PosStockLookup($code: String!, $sku: String) {
    stockLookup(code: $code, sku: $sku) {
      article {
        sku name barcode stocked tracking quantity
        price { amount currency }
        explanation { kind quantity purpose room { ...StockRoomFields } }
        incoming { kind quantity document sender expectedOn }
        elsewhere { quantity store { id name city phone distanceKm } }
        regions { countryArea quantity stores }
      }
      units {
        id sku identifier state here reservedFor
        identifiers { type value }
        store { id name }
        room { ...StockRoomFields }
      }
    }
  }
`);

export const UnitHistory = graphql(`
  query PosUnitHistory($unitId: ID!, $after: String) {
    unitHistory(unitId: $unitId, first: 50, after: $after) {
      edges { node { id kind state quantity occurredAt actor document reason store { id name timezone } room { ...StockRoomFields } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
