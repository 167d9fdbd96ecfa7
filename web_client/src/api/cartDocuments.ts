/** The cart's operations, to the placed order. */

import { graphql } from "../gql";

export const LineProductDocument = graphql(`
  query LineProduct($context: ContextInput!, $sku: String!) {
    product(context: $context, sku: $sku) { slug kind thumbnailUrl variants { sku imageUrl serialised } }
  }
`);

export const CartLinesAddDocument = graphql(`
  mutation CartLinesAdd($cartId: ID!, $lines: [CartLineInput!]!) {
    cartLinesAdd(cartId: $cartId, lines: $lines) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartDeliveryUpdateDocument = graphql(`
  mutation CartDeliveryUpdate($cartId: ID!, $delivery: CartDeliveryInput!) {
    cartDeliveryUpdate(cartId: $cartId, delivery: $delivery) { cart { ...CartFields } errors { ...ErrorFields } }
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
      errors { ...ErrorFields }
    }
  }
`);
