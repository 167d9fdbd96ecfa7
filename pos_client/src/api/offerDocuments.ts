/** The cart of offers at the till: taken over from the shop, handed over here, ordered. */

import { graphql } from "../gql";

export const CartClaim = graphql(`
  mutation PosCartClaim($code: String!, $storeId: ID!) {
    cartClaim(code: $code, salesChannel: POS, storeId: $storeId) { cart { ...CartFields } errors { ...ErrorFields } }
  }
`);

export const CartPickup = graphql(`
  mutation PosCartPickup($cartId: ID!, $storeId: ID!) {
    cartDeliveryUpdate(cartId: $cartId, delivery: { pickupStoreId: $storeId }) { cart { ...CartFields } errors { ...ErrorFields } }
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
