/** Placing the order: one intent with one key, through lost answers, reloads and the bank's page. */

import { newKey } from "@shared/idempotency";
import { CartCompleteDocument } from "../api/cartDocuments";
import { isTransient, repeatWhileTransient } from "../api/client";
import type { OrderFieldsFragment, PaymentInput } from "../gql/graphql";
import { orderCodes, pendingCompletion, type PendingCompletion, pickupCodes } from "../session/stores";

export type Order = OrderFieldsFragment;
export type Completion = { order: Order } | { paymentActionUrl: string };

export type Wish = Omit<PendingCompletion, "key">;

/** The intent for a wish: the one under way when it is the same, else a new one. */
export function intentFor(wish: Wish, pending: PendingCompletion | null = pendingCompletion.get()): PendingCompletion {
  const isSame =
    pending !== null &&
    pending.cartId === wish.cartId &&
    pending.method === wish.method &&
    pending.token === wish.token &&
    pending.total === wish.total;
  return isSame ? pending : { ...wish, key: newKey() };
}

/**
 * Carry an intent on. It stays pending after a lost answer or a step at the bank: the next call with it goes on where it
 * stands, and nobody pays twice. A refusal ends it. Throws PayloadError, ApiRequestError or NetworkError.
 */
export async function complete(intent: PendingCompletion): Promise<Completion> {
  pendingCompletion.set(intent);
  try {
    const variables = { cartId: intent.cartId, payments: [paymentOf(intent)] };
    const payload = await repeatWhileTransient(CartCompleteDocument, variables, (r) => r.cartComplete, intent.key);
    if (payload.order) return { order: finished(payload.order) };
    return { paymentActionUrl: safeAddress(payload.paymentActionUrl) };
  } catch (error) {
    if (!isTransient(error)) pendingCompletion.set(null);
    throw error;
  }
}

/** The amount is the one on screen: what would cost otherwise is refused, not charged. */
function paymentOf({ method, token, total }: PendingCompletion): PaymentInput {
  return { method, amount: total, token };
}

function finished(order: Order): Order {
  const codes = Object.fromEntries(
    order.pickups.flatMap(({ id, handOverCode }) => (handOverCode ? [[id, handOverCode]] : [])),
  );
  pickupCodes.set({ ...pickupCodes.get(), ...codes });
  if (order.guestCode) orderCodes.set({ ...orderCodes.get(), [order.id]: order.guestCode });
  pendingCompletion.set(null);
  return order;
}

function safeAddress(address: string | null | undefined): string {
  const url = new URL(address ?? "", window.location.href);
  if (!address || !["https:", "http:"].includes(url.protocol)) throw new Error("The payment step has no address.");
  return url.href;
}
