/** What the shop remembers in the browser. */

import type { ApiProblem } from "@shared/graphql";
import type { CheckedAddress } from "@shared/address/answers";
import type { ProductKind } from "../gql/graphql";
import { persisted } from "./persisted";

export interface Session {
  token: string;
  refreshToken: string | null;
  expiresAt: string | null;
  email: string;
}

export interface ChosenStore {
  id: string;
  name: string;
  city: string;
  timezone: string;
  latitude: number;
  longitude: number;
}

export interface Place {
  latitude: number;
  longitude: number;
}

/** What is shown again of a product that was looked at; its price is asked anew where it is shown. */
export interface ViewedProduct {
  slug: string;
  name: string;
  brand: string | null;
  kind: ProductKind;
  thumbnailUrl: string | null;
}

/** A completion under way: kept so that a repeat (a reload, the way back from the bank) is the same intent. */
export interface PendingCompletion {
  cartId: string;
  key: string;
  method: "CARD" | "PAY_IN_STORE";
  token: string | null;
  total: string;
}

const inSession = () => sessionStorage;

export const session = persisted<Session>("session");
export const cartId = persisted<string>("cart");
export const chosenStore = persisted<ChosenStore>("store");
export const channelChoice = persisted<string>("channel");
export const languageChoice = persisted<string>("language");
export const place = persisted<Place>("place", inSession);
export const checkedAddress = persisted<CheckedAddress>("address", inSession);
/** Whether "in store" means the chosen store or those around. */
export const stockScope = persisted<"store" | "near">("stock-scope", inSession);
/** Kept in this browser alone, the latest first. */
export const recentSearches = persisted<string[]>("searches");
export const viewedProducts = persisted<ViewedProduct[]>("viewed");
export const pendingCompletion = persisted<PendingCompletion>("completion", inSession);
export const pickupCodes = persisted<Record<string, string>>("codes", inSession);
/** By which a guest shows that an order is theirs, by the order's id. */
export const orderCodes = persisted<Record<string, string>>("order-codes", inSession);
/** Said once after an automatic sign-out. */
export const signedOutNotice = persisted<ApiProblem>("signed-out", inSession);
