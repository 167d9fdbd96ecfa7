/** The cart's operations, to the placed order. */

import { graphql } from "../gql";

export const ShopErrorFields = graphql(`fragment ShopErrorFields on ApiError { field message code }`);

export const CartFields = graphql(`
  fragment CartFields on Cart {
    id channel
    contact { firstName lastName email phone }
    lines { id sku name quantity unitPrice { amount currency } total { amount currency } monthly { amount currency } availableFrom bundleId }
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
    promiseDate reservedUntil
    bundles {
      id offerCode name term qualificationId promiseDate quoteExpiresAt
      dueToday { amount currency }
      monthly { amount currency }
      totalOverTerm { amount currency }
      selections { group instance sku quantity characteristics { name value } }
      requoted { promiseDate refusal dueToday { amount currency } monthly { amount currency } totalOverTerm { amount currency } }
    }
  }
`);

export const CartDocument = graphql(`query Cart($id: ID!) { cart(id: $id) { ...CartFields } }`);

export const LineProductDocument = graphql(`
  query LineProduct($context: ContextInput!, $sku: String!) {
    product(context: $context, sku: $sku) { slug kind thumbnailUrl variants { sku imageUrl serialised } }
  }
`);

export const CartCreateDocument = graphql(`
  mutation CartCreate($input: CartCreateInput!) {
    cartCreate(input: $input) { cart { ...CartFields } errors { ...ShopErrorFields } }
  }
`);

export const CartLinesAddDocument = graphql(`
  mutation CartLinesAdd($cartId: ID!, $lines: [CartLineInput!]!) {
    cartLinesAdd(cartId: $cartId, lines: $lines) { cart { ...CartFields } errors { ...ShopErrorFields } }
  }
`);

export const CartLinesUpdateDocument = graphql(`
  mutation CartLinesUpdate($cartId: ID!, $lines: [CartLineUpdateInput!]!) {
    cartLinesUpdate(cartId: $cartId, lines: $lines) { cart { ...CartFields } errors { ...ShopErrorFields } }
  }
`);

export const CartContactUpdateDocument = graphql(`
  mutation CartContactUpdate($cartId: ID!, $contact: ContactInput!) {
    cartContactUpdate(cartId: $cartId, contact: $contact) { cart { ...CartFields } errors { ...ShopErrorFields } }
  }
`);

export const CartDeliveryUpdateDocument = graphql(`
  mutation CartDeliveryUpdate($cartId: ID!, $delivery: CartDeliveryInput!) {
    cartDeliveryUpdate(cartId: $cartId, delivery: $delivery) { cart { ...CartFields } errors { ...ShopErrorFields } }
  }
`);

export const PickupOptionsDocument = graphql(`
  query PickupOptions($cartId: ID!, $near: GeoPointInput, $first: Int!) {
    pickupOptions(cartId: $cartId, near: $near, first: $first) {
      complete readyBy
      store { ...ShopStoreFields }
      slots { id start end remaining }
    }
  }
`);

export const CartCompleteDocument = graphql(`
  mutation CartComplete($cartId: ID!, $payments: [PaymentInput!]!) {
    cartComplete(cartId: $cartId, payments: $payments) {
      order { ...OrderFields }
      paymentActionUrl
      errors { ...ShopErrorFields }
    }
  }
`);
