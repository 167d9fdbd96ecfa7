/** The cart as both clients read and change it. */

import { graphql } from "@gql/index";

export const ErrorFields = graphql(`fragment ErrorFields on ApiError { code field message }`);

export const ShopStoreFields = graphql(`
  fragment ShopStoreFields on Store {
    id code name streetAddress city postalCode country phone latitude longitude timezone openNow pickupEnabled distanceKm
    hours { weekday date opens closes }
  }
`);

export const CartFields = graphql(`
  fragment CartFields on Cart {
    id channel promiseDate reservedUntil
    contact { firstName lastName email phone }
    lines { id sku name quantity unitPrice { amount currency } total { amount currency } monthly { amount currency } availableFrom bundleId }
    bundles {
      id offerCode name term qualificationId promiseDate quoteExpiresAt
      dueToday { amount currency }
      monthly { amount currency }
      totalOverTerm { amount currency }
      selections { group instance sku quantity characteristics { name value } }
      requoted { promiseDate refusal dueToday { amount currency } monthly { amount currency } totalOverTerm { amount currency } }
    }
    problems { ...ErrorFields }
    deliveries {
      id lineIds
      pickupStore { ...ShopStoreFields }
      pickupSlot { id start end remaining }
    }
    subtotal { amount currency }
    discountTotal { amount currency }
    shippingTotal { amount currency }
    tax { amount currency }
    total { amount currency }
    monthly { amount currency }
  }
`);

export const CartDocument = graphql(`query Cart($id: ID!) { cart(id: $id) { ...CartFields } }`);

export const CartCreateDocument = graphql(`
  mutation CartCreate($input: CartCreateInput!) {
    cartCreate(input: $input) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartLinesUpdateDocument = graphql(`
  mutation CartLinesUpdate($cartId: ID!, $lines: [CartLineUpdateInput!]!) {
    cartLinesUpdate(cartId: $cartId, lines: $lines) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartContactUpdateDocument = graphql(`
  mutation CartContactUpdate($cartId: ID!, $contact: ContactInput!) {
    cartContactUpdate(cartId: $cartId, contact: $contact) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartDatesAcceptDocument = graphql(`
  mutation CartDatesAccept($cartId: ID!, $lines: [CartDateInput!]!) {
    cartDatesAccept(cartId: $cartId, lines: $lines) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartBundleAddDocument = graphql(`
  mutation CartBundleAdd($cartId: ID!, $configuration: BundleConfigurationInput!) {
    cartBundleAdd(cartId: $cartId, configuration: $configuration) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartBundleUpdateDocument = graphql(`
  mutation CartBundleUpdate($cartId: ID!, $bundleId: ID!, $configuration: BundleConfigurationInput!) {
    cartBundleUpdate(cartId: $cartId, bundleId: $bundleId, configuration: $configuration) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartBundleRemoveDocument = graphql(`
  mutation CartBundleRemove($cartId: ID!, $bundleId: ID!) {
    cartBundleRemove(cartId: $cartId, bundleId: $bundleId) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);
