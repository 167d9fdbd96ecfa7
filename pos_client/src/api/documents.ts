/** Every operation that the till sends, as GraphQL documents; their types are generated from the committed schema. */

import { graphql } from "../gql";

export const StoreFields = graphql(`
  fragment StoreFields on Store { id code name streetAddress city postalCode phone timezone latitude longitude }
`);

export const ShiftFields = graphql(`
  fragment ShiftFields on PosShift { id currency openedAt closedAt openingFloat expectedCash countedCash difference }
`);

export const PickupFields = graphql(`
  fragment PickupFields on Pickup {
    id orderId state orderNumber customerName orderHeld promiseDate readyBy pickupBy
    amountDue { amount currency }
    lines { sku name quantity picked serials }
  }
`);

export const SignIn = graphql(`
  mutation PosSignIn($registerToken: String!, $staffCode: String!, $pin: String!) {
    posSignIn(registerToken: $registerToken, staffCode: $staffCode, pin: $pin) {
      token expiresAt staffName permissions registerId
      store { ...StoreFields }
      currentShift { ...ShiftFields }
      errors { ...ErrorFields }
    }
  }
`);

export const OpenShift = graphql(`
  mutation PosOpenShift($input: PosShiftOpenInput!) {
    posShiftOpen(input: $input) { shift { ...ShiftFields } replayed errors { ...ErrorFields } }
  }
`);

export const CloseShift = graphql(`
  mutation PosCloseShift($input: PosShiftCloseInput!) {
    posShiftClose(input: $input) { shift { ...ShiftFields } replayed errors { ...ErrorFields } }
  }
`);

export const SyncSales = graphql(`
  mutation PosSyncSales($input: PosSyncInput!) {
    posSync(input: $input) {
      sales {
        clientId replayed
        order { id number }
        esims
        exceptions { ...ErrorFields }
        errors { ...ErrorFields }
      }
      errors { ...ErrorFields }
    }
  }
`);

export const EsimCodes = graphql(`
  mutation PosEsimCodes($clientId: ID!) {
    posEsimCodes(clientId: $clientId) { codes { name iccid activationCode } errors { ...ErrorFields } }
  }
`);

export const CatalogueDelta = graphql(`
  query PosCatalogueDelta($storeId: ID!, $cursor: String, $first: Int!) {
    posCatalogue(storeId: $storeId, cursor: $cursor, first: $first) {
      cursor hasMore removedSkus
      channel { slug name currency country pricesIncludeTax }
      items {
        sku productId barcode name brand kind category price taxRate serialised quantity
        attributes { name label values }
      }
    }
  }
`);

export const GuidedSearch = graphql(`
  query PosGuidedSearch($context: ContextInput!, $input: GuidedSearchInput!) {
    guidedSearch(context: $context, input: $input) {
      edges { node { id thumbnailUrl } }
      correction { original corrected applied }
      spotlights { rule title products { id thumbnailUrl } }
    }
  }
`);

export const SearchResultOpen = graphql(`
  mutation PosSearchResultOpen($input: SearchResultOpenInput!) {
    searchResultOpen(input: $input) { errors { ...ErrorFields } }
  }
`);

/** The API's limit of SKUs in one question about availability. */
export const SKUS_AT_ONCE = 100;

export const Availability = graphql(`
  query PosAvailability($skus: [String!]!, $storeIds: [ID!]!) {
    availability(skus: $skus, storeIds: $storeIds, first: 1) { sku stores { quantity } }
  }
`);

export const Elsewhere = graphql(`
  query PosElsewhere($skus: [String!]!, $near: GeoPointInput, $first: Int!, $country: String!) {
    availability(skus: $skus, near: $near, first: $first, country: $country) { sku stores { quantity store { id name } } }
  }
`);

export const LookupCode = graphql(`
  query PosLookupCode($context: ContextInput!, $code: String!) {
    lookupCode(context: $context, code: $code) { kind serialState product { id name } variant { sku name } }
  }
`);

export const PickupQueue = graphql(`
  query PosPickupQueue($storeId: ID!, $states: [PickupState!], $after: String) {
    pickupQueue(storeId: $storeId, states: $states, first: 50, after: $after) {
      edges { node { ...PickupFields } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const PickupAccept = graphql(`
  mutation PosPickupAccept($id: ID!) {
    pickupAccept(id: $id) { pickup { ...PickupFields } errors { ...ErrorFields } }
  }
`);

export const PickupReject = graphql(`
  mutation PosPickupReject($id: ID!, $reason: String!) {
    pickupReject(id: $id, reason: $reason) { pickup { ...PickupFields } errors { ...ErrorFields } }
  }
`);

export const PickupScan = graphql(`
  mutation PosPickupScan($id: ID!, $code: String!, $serial: String) {
    pickupScan(id: $id, code: $code, serial: $serial) { pickup { ...PickupFields } errors { ...ErrorFields } }
  }
`);

export const PickupReady = graphql(`
  mutation PosPickupReady($id: ID!) {
    pickupReady(id: $id) { pickup { ...PickupFields } errors { ...ErrorFields } }
  }
`);

export const PickupHandOver = graphql(`
  mutation PosPickupHandOver($id: ID!, $code: String!, $collectedBy: String!) {
    pickupHandOver(id: $id, code: $code, collectedBy: $collectedBy) { pickup { ...PickupFields } errors { ...ErrorFields } }
  }
`);
