/** Offers of devices with plans, what an address can have, and the cart that they are sold from. */

import { graphql } from "../gql";

export const OfferFields = graphql(`
  fragment OfferFields on BundleOffer {
    code name version terms
    monthlyPriceFrom { term monthly { amount currency } dueToday { amount currency } totalOverTerm { amount currency } }
    groups {
      code label parent lowerLimit upperLimit minimumInstances maximumInstances
      options {
        sku name lowerLimit upperLimit default
        characteristics { name label type required requiredWith minimumLength maximumLength choices { value label worth { amount currency } } }
      }
    }
  }
`);

export const Offers = graphql(`
  query PosOffers($context: ContextInput!, $after: String) {
    bundleOffers(context: $context, first: 12, after: $after) { edges { node { ...OfferFields } } pageInfo { hasNextPage endCursor } }
  }
`);

export const Configure = graphql(`
  query PosConfigure($context: ContextInput!, $input: BundleConfigurationInput!) {
    configureBundle(context: $context, input: $input) {
      valid promiseDate validUntil
      violations { code message group instance sku characteristic remedy changes { group instance sku units } }
      dueToday { amount currency }
      monthly { amount currency }
      totalOverTerm { amount currency }
      firstBill { amount currency }
      firstBillDate firstBillDays firstBillOfDays
      exitCosts { amount currency }
      lines {
        sku name group instance quantity instalmentMonths availableFrom
        oneTime { amount currency }
        recurring { amount currency }
        instalment { amount currency }
        firstBill { amount currency }
        explanation { label amount { amount currency } }
      }
    }
  }
`);

export const AddressSuggestions = graphql(`
  query PosAddressSuggestions($text: String!) { addressSuggestions(text: $text, first: 6) { premisesId label } }
`);

export const PosQualificationFields = graphql(`
  fragment PosQualificationFields on ServiceQualification {
    id premisesId normalisedAddress matchConfidence result expirationDate
    items {
      category technology result downloadMbps uploadMbps serviceAvailabilityDate
      reasons { code label }
      alternates { category technology downloadMbps alternateServiceAvailabilityDate }
    }
  }
`);

export const Qualify = graphql(`
  mutation PosQualify($input: QualifyServiceInput!) {
    qualifyService(input: $input) { qualification { ...PosQualificationFields } suggestions { premisesId label } errors { ...ErrorFields } }
  }
`);

export const Qualification = graphql(`
  query PosQualification($id: ID!) { serviceQualification(id: $id) { ...PosQualificationFields } }
`);

export const OfferCartFields = graphql(`
  fragment OfferCartFields on Cart {
    id channel promiseDate
    contact { firstName lastName email phone }
    lines { id sku name quantity total { amount currency } monthly { amount currency } availableFrom bundleId }
    bundles {
      id offerCode name term qualificationId promiseDate quoteExpiresAt
      dueToday { amount currency }
      monthly { amount currency }
      selections { group instance sku quantity characteristics { name value } }
      requoted { refusal }
    }
    subtotal { amount currency }
    tax { amount currency }
    total { amount currency }
    monthly { amount currency }
  }
`);

export const OfferCart = graphql(`query PosOfferCart($id: ID!) { cart(id: $id) { ...OfferCartFields } }`);

export const CartCreate = graphql(`
  mutation PosCartCreate($input: CartCreateInput!) { cartCreate(input: $input) { cart { ...OfferCartFields } errors { ...ErrorFields } } }
`);

export const CartClaim = graphql(`
  mutation PosCartClaim($code: String!, $storeId: ID!) {
    cartClaim(code: $code, salesChannel: POS, storeId: $storeId) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const BundleAdd = graphql(`
  mutation PosBundleAdd($cartId: ID!, $configuration: BundleConfigurationInput!) {
    cartBundleAdd(cartId: $cartId, configuration: $configuration) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const BundleUpdate = graphql(`
  mutation PosBundleUpdate($cartId: ID!, $bundleId: ID!, $configuration: BundleConfigurationInput!) {
    cartBundleUpdate(cartId: $cartId, bundleId: $bundleId, configuration: $configuration) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const BundleRemove = graphql(`
  mutation PosBundleRemove($cartId: ID!, $bundleId: ID!) {
    cartBundleRemove(cartId: $cartId, bundleId: $bundleId) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const CartLineRemove = graphql(`
  mutation PosCartLineRemove($cartId: ID!, $lineId: ID!) {
    cartLinesUpdate(cartId: $cartId, lines: [{ lineId: $lineId, quantity: 0 }]) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const CartContact = graphql(`
  mutation PosCartContact($cartId: ID!, $contact: ContactInput!) {
    cartContactUpdate(cartId: $cartId, contact: $contact) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const CartPickup = graphql(`
  mutation PosCartPickup($cartId: ID!, $storeId: ID!) {
    cartDeliveryUpdate(cartId: $cartId, delivery: { pickupStoreId: $storeId }) { cart { ...OfferCartFields } errors { ...ErrorFields } }
  }
`);

export const CartOrder = graphql(`
  mutation PosCartOrder($cartId: ID!, $payments: [PaymentInput!]!) {
    cartComplete(cartId: $cartId, payments: $payments) {
      order { id number promiseDate pickups { id handOverCode } }
      errors { ...ErrorFields }
    }
  }
`);
