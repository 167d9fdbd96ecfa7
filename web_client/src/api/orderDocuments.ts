/** Orders and the shopper's account. */

import { graphql } from "../gql";

export const OrderFields = graphql(`
  fragment OrderFields on Order {
    id number guestCode coreNumber status createdAt promiseDate
    lines { id sku name quantity total { amount currency } serials availableFrom bundleId }
    bundles { id name term promiseDate monthly { amount currency } totalOverTerm { amount currency } }
    subtotal { amount currency }
    tax { amount currency }
    total { amount currency }
    monthly { amount currency }
    payments { method state amount { amount currency } }
    pickups {
      id state readyBy pickupBy handOverCode customerName
      amountDue { amount currency }
      store { ...ShopStoreFields }
      lines { sku name quantity picked }
    }
    timeline { at label code }
  }
`);

export const OrderDocument = graphql(`query Order($id: ID!) { order(id: $id) { ...OrderFields } }`);

export const OrderByNumberDocument = graphql(`
  query OrderByNumber($number: String!, $contact: String!) {
    orderByNumber(number: $number, contact: $contact) { ...OrderFields }
  }
`);

export const OrderCancelDocument = graphql(`
  mutation OrderCancel($id: ID!, $reason: String) {
    orderCancel(id: $id, reason: $reason) { order { ...OrderFields } errors { ...ErrorFields } }
  }
`);

export const OrderEsimCodesDocument = graphql(`
  mutation OrderEsimCodes($id: ID!, $code: String) {
    orderEsimCodes(id: $id, code: $code) { codes { sku name iccid activationCode } errors { ...ErrorFields } }
  }
`);

export const SignInDocument = graphql(`
  mutation SignIn($email: String!, $password: String!) {
    signIn(email: $email, password: $password) { token refreshToken expiresAt errors { ...ErrorFields } }
  }
`);

export const RefreshSessionDocument = graphql(`
  mutation RefreshSession($refreshToken: String!) {
    refreshSession(refreshToken: $refreshToken) { token refreshToken expiresAt errors { ...ErrorFields } }
  }
`);

export const MeDocument = graphql(`query Me { me { id email firstName lastName } }`);

export const MyOrdersDocument = graphql(`
  query MyOrders($after: String) {
    me {
      id
      orders(first: 20, after: $after) {
        edges { node { id number status createdAt total { amount currency } lines { id name quantity } pickups { id state store { name } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);
