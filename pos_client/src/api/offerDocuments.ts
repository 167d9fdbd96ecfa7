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

export const OrderedFields = graphql(`
  fragment OrderedFields on Order {
    id number promiseDate
    total { amount currency }
    monthly { amount currency }
    lines { id name quantity total { amount currency } serials availableFrom bundleId }
    bundles {
      id name term promiseDate
      monthly { amount currency }
      firstBill { date days ofDays total { amount currency } }
    }
  }
`);

export const OrderedDocument = graphql(`query PosOrdered($id: ID!) { order(id: $id) { ...OrderedFields } }`);

export const CartOrder = graphql(`
  mutation PosCartOrder($cartId: ID!, $payments: [PaymentInput!]!) {
    cartComplete(cartId: $cartId, payments: $payments) {
      order { ...OrderedFields pickups { id handOverCode } }
      errors { ...ErrorFields }
    }
  }
`);
