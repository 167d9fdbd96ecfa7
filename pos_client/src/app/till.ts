/** The running till: the server's operations bound to the session, and the one delivery of this tab. */

import { liveQuery } from "dexie";
import { request, RequestFailure } from "../api/client";
import {
  Availability, CatalogueDelta, CloseShift, Elsewhere, GuidedSearch, LookupCode, OpenShift, PickupAccept, PickupHandOver, PickupQueue, PickupReady,
  PickupReject, PickupScan, SearchResultOpen, SignIn, SKUS_AT_ONCE, SyncSales,
} from "../api/documents";
import { StoresAround } from "../api/receivingDocuments";
import { STOCK_ACTS } from "../api/stockActs";
import type { PickupFieldsFragment, PickupState, TypedDocumentString } from "../gql/graphql";
import { newId } from "../domain/ids";
import { currentLanguage } from "../i18n";
import { storeQuantities, syncCatalogue } from "../store/catalogue";
import { db, type Problem, type Session, type StoreFacts } from "../store/db";
import { Delivery, type OutboxPort } from "../store/delivery";
import { makeVerifier } from "../store/session";
import { adoptShift } from "../store/shifts";
import { connection } from "./connection";

const PAGE_SIZE = 1_000;
/** Pauses before the repeats of a pickup step whose answer was lost. */
const REPEAT_AFTER_MS = [400, 1_500];

/** Asks the server under the present session. */
export async function call<R, V>(document: TypedDocumentString<R, V>, variables: V, idempotencyKey?: string): Promise<R> {
  const session = await db.setting("session");
  return request(document, variables, { token: session?.token, language: currentLanguage(), idempotencyKey });
}

/** Errors of a payload in the till's own shape. */
function problems(errors: readonly { code: string; field?: string | null; message: string }[]): Problem[] {
  return errors.map(({ code, field, message }) => ({ code, field: field ?? null, message }));
}

const port: OutboxPort = {
  async stock(operation, input) {
    const document = STOCK_ACTS[operation];
    if (!document) throw new RequestFailure("server", "SERVER_ERROR", `This version of the till does not know “${operation}”.`);
    const [payload] = Object.values(await call(document, { input } as never));
    if (!payload) throw new RequestFailure("server", "SERVER_ERROR", "no payload in the answer");
    const { errors, ...answer } = payload;
    return { answer, errors: problems(errors) };
  },
  async openShift(input) {
    const { posShiftOpen } = await call(OpenShift, { input });
    return { outcome: null, errors: problems(posShiftOpen.errors) };
  },
  async closeShift(input) {
    const { posShiftClose } = await call(CloseShift, { input });
    const shift = posShiftClose.shift;
    const outcome = shift && shift.expectedCash != null && shift.countedCash != null && shift.difference != null
      ? { openingFloat: shift.openingFloat, expectedCash: shift.expectedCash, countedCash: shift.countedCash, difference: shift.difference }
      : null;
    return { outcome, errors: problems(posShiftClose.errors) };
  },
  async syncSales(sales) {
    const { posSync } = await call(SyncSales, { input: { sales } });
    const [error] = posSync.errors;
    if (error && posSync.sales.length === 0) throw new RequestFailure("refused", error.code, error.message);
    return posSync.sales.map((sale) => ({
      clientId: sale.clientId, order: sale.order ?? null, esims: sale.esims, exceptions: problems(sale.exceptions), errors: problems(sale.errors),
    }));
  },
};

export const delivery = new Delivery(db, port);

/** Starts what runs while the page is open. */
export function startTill(): void {
  connection.start();
  connection.subscribe((online) => {
    if (online) void delivery.wake();
  });
  delivery.start();
  // Someone signed in, here or in another tab: what waited for a session may go.
  liveQuery(async () => (await db.setting("session"))?.token).subscribe(() => void delivery.wake());
  // Unsent sales must not be evicted when the device runs short of space; a refusal leaves things as they are.
  void navigator.storage?.persist?.();
}

export type SignInOutcome = { ok: true } | { ok: false; problem: Problem };

/** Signs in with the server; throws RequestFailure when it cannot be asked. */
export async function signIn(registerToken: string, staffCode: string, pin: string): Promise<SignInOutcome> {
  const { posSignIn } = await request(SignIn, { registerToken, staffCode, pin }, { language: currentLanguage() });
  const [problem] = problems(posSignIn.errors);
  if (problem) return { ok: false, problem };
  const { token, expiresAt, store, registerId } = posSignIn;
  if (!token || !expiresAt || !store || !registerId) throw new RequestFailure("server", "SERVER_ERROR", "incomplete answer to posSignIn");
  const session: Session = {
    token, expiresAt, store: { ...store, phone: store.phone ?? null }, registerId, staffCode, staffName: posSignIn.staffName || staffCode,
    permissions: posSignIn.permissions, locked: false, verifier: await makeVerifier(pin), offlineFailures: 0,
  };
  await adoptShift(db, registerId, posSignIn.currentShift ?? null);
  await db.putSetting("session", session);
  return { ok: true };
}

/** Brings the catalogue up to date; `onProgress` hears how many items have come. */
export async function loadCatalogue(session: Session, onProgress?: (items: number) => void): Promise<void> {
  const storeId = session.store.id;
  await syncCatalogue(db, storeId, async (cursor) => {
    const { posCatalogue } = await call(CatalogueDelta, { storeId, cursor, first: PAGE_SIZE });
    return {
      ...posCatalogue,
      items: posCatalogue.items.map((item) => ({
        ...item, barcode: item.barcode ?? null, brand: item.brand ?? null, category: item.category ?? null,
      })),
    };
  }, onProgress);
}

/** Asks for the live stock of these SKUs in this store, however many, and keeps it. */
export async function refreshQuantities(storeId: string, skus: string[]): Promise<void> {
  for (let start = 0; start < skus.length; start += SKUS_AT_ONCE) {
    const { availability } = await call(Availability, { skus: skus.slice(start, start + SKUS_AT_ONCE), storeIds: [storeId] });
    await storeQuantities(db, new Map(availability.map(({ sku, stores }) => [sku, stores[0]?.quantity ?? 0])));
  }
}

/** Another store that has something. */
export interface StoreWithStock {
  name: string;
  quantity: number;
}

/** Stores asked for what this one lacks. */
const STORES_AROUND = 8;

/** The country's stores, nearest first. */
export async function storesAround(store: StoreFacts, country: string): Promise<{ id: string; name: string }[]> {
  const { latitude, longitude } = store;
  const near = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : null;
  return (await call(StoresAround, { near, country })).stores.edges.map(({ node }) => node);
}

/** The country's stores around that have these SKUs, nearest first; at most 100 SKUs. */
export async function findElsewhere(store: StoreFacts, country: string, skus: string[]): Promise<Map<string, StoreWithStock[]>> {
  const { latitude, longitude } = store;
  const near = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : null;
  const { availability } = await call(Elsewhere, { skus, near, country, first: STORES_AROUND });
  return new Map(availability.map(({ sku, stores }) => [
    sku, stores.filter((row) => row.quantity > 0 && row.store.id !== store.id).map(({ quantity, store: { name } }) => ({ name, quantity })),
  ]));
}

export interface OnlineSearch {
  /** Product ids, best first. */
  productIds: string[];
  thumbnails: Map<string, string>;
  correction: string | null;
  spotlights: Spotlight[];
}

/** What merchandisers recommend beside a search. */
export interface Spotlight {
  rule: string;
  title: string;
  productIds: string[];
}

/** Ask the server while somebody types: such a text may go on, so it is counted only by `recordSearch`. */
export async function searchOnline(channel: string, storeId: string, text: string, first: number): Promise<OnlineSearch> {
  const { guidedSearch } = await call(GuidedSearch, { context: { channel, salesChannel: "POS", storeId }, input: { text, first, recorded: false } });
  const { spotlights } = guidedSearch;
  const nodes = [...guidedSearch.edges.map((edge) => edge.node), ...spotlights.flatMap(({ products }) => products)];
  return {
    productIds: guidedSearch.edges.map((edge) => edge.node.id),
    thumbnails: new Map(nodes.flatMap((node) => (node.thumbnailUrl ? [[node.id, node.thumbnailUrl] as const] : []))),
    correction: guidedSearch.correction?.applied ? guidedSearch.correction.corrected : null,
    spotlights: spotlights.map(({ rule, title, products }) => ({ rule, title, productIds: products.map(({ id }) => id) })),
  };
}

/** Let a text count as searched for. */
export async function recordSearch(channel: string, storeId: string, text: string): Promise<void> {
  await call(GuidedSearch, { context: { channel, salesChannel: "POS", storeId }, input: { text, first: 1 } });
}

/** Tell that a product was chosen from what a text found, or from a recommendation beside it; `position` from 1. */
export async function reportOpen(
  channel: string, storeId: string, opened: { text: string; productId: string; position: number; source: "RESULTS" | "SPOTLIGHT" },
): Promise<void> {
  await call(SearchResultOpen, { input: { context: { channel, salesChannel: "POS", storeId }, ...opened } });
}

export interface CodeFound {
  kind: string;
  sku: string;
  productName: string;
  serialState: string | null;
}

export async function lookUp(channel: string, storeId: string, code: string): Promise<CodeFound | null> {
  const { lookupCode } = await call(LookupCode, { context: { channel, salesChannel: "POS", storeId }, code });
  if (!lookupCode) return null;
  const { kind, variant, product, serialState } = lookupCode;
  return { kind, sku: variant.sku, productName: product.name, serialState: serialState ?? null };
}

export type Pickup = PickupFieldsFragment;

export async function pickupQueue(storeId: string): Promise<Pickup[]> {
  const states: PickupState[] = ["PLACED", "ACCEPTED", "PICKING", "READY"];
  const pickups: Pickup[] = [];
  let after: string | null = null;
  // Twenty pages are a thousand pickups of one store: more is a fault, not a queue.
  for (let page = 0; page < 20; page += 1) {
    const answer: { pickupQueue: { edges: { node: Pickup }[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } } =
      await call(PickupQueue, { storeId, states, after });
    pickups.push(...answer.pickupQueue.edges.map((edge) => edge.node));
    if (!answer.pickupQueue.pageInfo.hasNextPage) break;
    after = answer.pickupQueue.pageInfo.endCursor ?? null;
  }
  return pickups;
}

export type PickupAction =
  | { type: "accept" }
  | { type: "reject"; reason: string }
  | { type: "scan"; code: string; serial: string | null }
  | { type: "ready" }
  | { type: "handOver"; code: string; collectedBy: string };

/** Carries one step of a pickup out; throws RequestFailure, kind "refused" with the server's sentence when a rule forbids it. */
export async function actOnPickup(id: string, action: PickupAction): Promise<Pickup> {
  const { pickup, errors } = await repeated((key) => sendAction(id, action, key));
  const [problem] = errors;
  if (problem) throw new RequestFailure("refused", problem.code, problem.message);
  if (!pickup) throw new RequestFailure("server", "SERVER_ERROR", "no pickup in the answer");
  return pickup;
}

/** Repeats with the same idempotency key while the network fails, so that a lost answer does nothing twice. */
export async function repeated<T>(send: (key: string) => Promise<T>): Promise<T> {
  const key = newId();
  for (const pause of REPEAT_AFTER_MS) {
    try {
      return await send(key);
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.kind !== "network") throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return send(key);
}

interface ActionPayload {
  pickup?: Pickup | null;
  errors: { code: string; message: string }[];
}

async function sendAction(id: string, action: PickupAction, key: string): Promise<ActionPayload> {
  switch (action.type) {
    case "accept": return (await call(PickupAccept, { id }, key)).pickupAccept;
    case "reject": return (await call(PickupReject, { id, reason: action.reason }, key)).pickupReject;
    case "scan": return (await call(PickupScan, { id, code: action.code, serial: action.serial }, key)).pickupScan;
    case "ready": return (await call(PickupReady, { id }, key)).pickupReady;
    case "handOver": return (await call(PickupHandOver, { id, code: action.code, collectedBy: action.collectedBy }, key)).pickupHandOver;
  }
}

/** Waits until the server has judged an entry, at most `milliseconds`; the entry as it then is. */
export async function settled(clientId: string, milliseconds: number): Promise<"recorded" | "attention" | "waiting"> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const entry = await db.entries.where("clientId").equals(clientId).first();
    if (!entry || entry.state !== "waiting" || Date.now() >= end) return entry?.state ?? "waiting";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
