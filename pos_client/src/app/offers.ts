/** What the offers' screens ask the server, and the one cart of bundles that the register works at. */

import { type AddressQuestion, type AddressSuggestion, keptOf, type Qualification as Qualified } from "@shared/address/answers";
import type { ConfigurationInput, Offer } from "@shared/bundle/choice";
import type { Configuration } from "@shared/bundle/prices";
import { AddressSuggestionsDocument, QualifyServiceDocument, ServiceQualificationDocument } from "@shared/documents/address";
import {
  CartBundleAddDocument, CartBundleRemoveDocument, CartBundleUpdateDocument, CartContactUpdateDocument, CartCreateDocument, CartDatesAcceptDocument, CartDocument, CartLinesUpdateDocument,
} from "@shared/documents/cart";
import { BundleOffersDocument, ConfigureBundleDocument } from "@shared/documents/offers";
import type { Remedy } from "@shared/cart/problems";
import { isPositive } from "@shared/money";
import { RequestFailure } from "../api/client";
import { CartClaim, CartOrder, CartPickup, OrderedDocument } from "../api/offerDocuments";
import type { CartFieldsFragment, OrderedFieldsFragment } from "../gql/graphql";
import { db } from "../store/db";
import { call, repeated } from "./till";

export interface Place {
  channel: string;
  storeId: string;
}

export type Cart = CartFieldsFragment;

const contextOf = ({ channel, storeId }: Place) => ({ channel, storeId, salesChannel: "POS" as const });

/** All offers that this store sells now. */
export async function offersHere(place: Place): Promise<Offer[]> {
  const found: Offer[] = [];
  let after: string | null = null;
  do {
    const page: { edges: { node: Offer }[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } =
      (await call(BundleOffersDocument, { context: contextOf(place), after })).bundleOffers;
    found.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return found;
}

export async function configured(place: Place, input: ConfigurationInput): Promise<Configuration> {
  return (await call(ConfigureBundleDocument, { context: contextOf(place), input })).configureBundle;
}

export async function suggestedAddresses(text: string): Promise<AddressSuggestion[]> {
  return (await call(AddressSuggestionsDocument, { text })).addressSuggestions;
}

/** The answer that is kept for an address; null when the server has forgotten it. */
export async function qualification(id: string): Promise<Qualified | null> {
  return (await call(ServiceQualificationDocument, { id })).serviceQualification ?? null;
}

/** Asks the network about an address and keeps it for the configurators; tells what else could be meant. */
export async function checkAddress({ input, typed }: AddressQuestion): Promise<AddressSuggestion[]> {
  const answer = (await repeated((key) => call(QualifyServiceDocument, { input }, key))).qualifyService;
  refuseProblems(answer.errors);
  if (answer.qualification) await db.putSetting("address", keptOf(answer.qualification, typed));
  return answer.suggestions;
}

interface Payload {
  cart?: Cart | null;
  errors: readonly { code: string; message: string }[];
}

function refuseProblems(errors: Payload["errors"]): void {
  const [problem] = errors;
  if (problem) throw new RequestFailure("refused", problem.code, errors.map(({ message }) => message).join(" "));
}

async function changed(send: (key: string) => Promise<Payload>): Promise<Cart> {
  const { cart, errors } = await repeated(send);
  refuseProblems(errors);
  if (!cart) throw new RequestFailure("server", "SERVER_ERROR", "no cart in the answer");
  return cart;
}

/** The cart as the server has it; null when it was ordered or is gone. */
export async function loadCart(id: string): Promise<Cart | null> {
  return (await call(CartDocument, { id })).cart ?? null;
}

/** Puts a configured bundle into the register's cart, which is made when there is none, or changes the one that is there. */
export async function saveBundle(place: Place, input: ConfigurationInput, bundleId: string | null): Promise<Cart> {
  const known = await db.setting("offerCart");
  const present = known ? await loadCart(known.id) : null;
  const before = present ?? (await changed(async (key) => (await call(CartCreateDocument, { input: { context: contextOf(place) } }, key)).cartCreate));
  // Kept at once: were the bundle refused, the next attempt takes the same cart.
  await db.putSetting("offerCart", { id: before.id });
  const cartId = before.id;
  const changing = bundleId !== null && before.bundles.some(({ id }) => id === bundleId) ? bundleId : null;
  return changed(async (key) => (changing
    ? (await call(CartBundleUpdateDocument, { cartId, bundleId: changing, configuration: input }, key)).cartBundleUpdate
    : (await call(CartBundleAddDocument, { cartId, configuration: input }, key)).cartBundleAdd));
}

export async function removeBundle(cartId: string, bundleId: string): Promise<Cart> {
  return changed(async (key) => (await call(CartBundleRemoveDocument, { cartId, bundleId }, key)).cartBundleRemove);
}

export async function removeLine(cartId: string, lineId: string): Promise<Cart> {
  return changed(async (key) => (await call(CartLinesUpdateDocument, { cartId, lines: [{ lineId, quantity: 0 }] }, key)).cartLinesUpdate);
}

/** Settles what of a cart is another than was told. */
export async function mendCart(cartId: string, remedy: Exclude<Remedy, { kind: "CHANGE_BUNDLE" }>): Promise<Cart> {
  switch (remedy.kind) {
    case "ACCEPT_DATE":
      return changed(async (key) => (await call(CartDatesAcceptDocument, { cartId, lines: [{ lineId: remedy.lineId, date: remedy.day }] }, key)).cartDatesAccept);
    case "TAKE_PRICE":
      return changed(async (key) => (await call(CartBundleUpdateDocument, { cartId, bundleId: remedy.bundleId, configuration: remedy.configuration }, key)).cartBundleUpdate);
    case "REMOVE_LINE":
      return removeLine(cartId, remedy.lineId);
  }
}

/** Takes over the cart that a customer shared from the shop by its code. */
export async function claimCart(place: Place, code: string): Promise<Cart> {
  const cart = await changed(async (key) => (await call(CartClaim, { code, storeId: place.storeId }, key)).cartClaim);
  await db.putSetting("offerCart", { id: cart.id });
  return cart;
}

export async function forgetCart(): Promise<void> {
  await db.dropSetting("offerCart");
}

export interface Buyer {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
}

export type Ordered = OrderedFieldsFragment;

export interface Placed {
  ordered: Ordered;
  /** Name of who bought. */
  buyer: string;
  /** In this store's queue, to be paid and handed over; null where nothing is handed over. */
  pickupId: string | null;
  handOverCode: string | null;
}

/** Nothing in the cart lies on a shelf: then nothing is handed over. */
const NOTHING_TO_COLLECT = "INVALID";

/** Orders the cart: what lies on a shelf is handed over in this store and paid here. */
export async function placeOrder(place: Place, cartId: string, buyer: Buyer): Promise<Placed> {
  let cart = await changed(async (key) => (await call(CartContactUpdateDocument, { cartId, contact: buyer }, key)).cartContactUpdate);
  try {
    cart = await changed(async (key) => (await call(CartPickup, { cartId, storeId: place.storeId }, key)).cartDeliveryUpdate);
  } catch (error) {
    if (!(error instanceof RequestFailure) || error.code !== NOTHING_TO_COLLECT) throw error;
  }
  const payments = isPositive(cart.total) ? [{ method: "PAY_IN_STORE" as const }] : [];
  const { order, errors } = await repeated(async (key) => (await call(CartOrder, { cartId, payments }, key)).cartComplete);
  refuseProblems(errors);
  if (!order) throw new RequestFailure("server", "SERVER_ERROR", "no order in the answer");
  await forgetCart();
  await db.dropSetting("address");
  const { pickups: [pickup], ...ordered } = order;
  return { ordered, buyer: [buyer.firstName, buyer.lastName].filter(Boolean).join(" "), pickupId: pickup?.id ?? null, handOverCode: pickup?.handOverCode ?? null };
}

/** What an order holds, for the receipt of its payment; null while the server cannot tell: the money is taken all the same. */
export async function orderedOf(orderId: string): Promise<Ordered | null> {
  try {
    return (await call(OrderedDocument, { id: orderId })).order ?? null;
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    return null;
  }
}
