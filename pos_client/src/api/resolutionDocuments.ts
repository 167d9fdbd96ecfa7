/** The resolution list: what was booked although the books spoke against it. */

import { graphql } from "../gql";

export const ContradictionFields = graphql(`
  fragment ContradictionFields on StockContradiction {
    id type sku name serial kind quantity pieces message document actor occurredAt settlement settledAt settledBy settledReason settledWith
    room { ...StockRoomFields }
  }
`);

export const Contradictions = graphql(`
  query PosContradictions($settled: Boolean!) {
    stockContradictions(settled: $settled, first: 50) { edges { node { ...ContradictionFields } } }
  }
`);

export const ContradictionCase = graphql(`
  query PosContradiction($id: ID!) {
    stockContradiction(id: $id) {
      contradiction { ...ContradictionFields }
      unit { id identifier state here store { id name } room { ...StockRoomFields } }
      history { id kind state quantity occurredAt actor document reason store { id name timezone } room { ...StockRoomFields } }
      places { sku onHand reserved unregistered bookedHere store { id name } }
      proposals { settlement numbers effect }
    }
  }
`);

export const NamingEffect = graphql(`
  query PosNamingEffect($id: ID!, $serials: [String!]!) { stockNamingEffect(contradictionId: $id, serials: $serials) }
`);

export const ContradictionSettle = graphql(`
  mutation PosContradictionSettle($input: StockContradictionSettleInput!) {
    stockContradictionSettle(input: $input) { contradiction { ...ContradictionFields } replayed errors { ...ErrorFields } }
  }
`);
