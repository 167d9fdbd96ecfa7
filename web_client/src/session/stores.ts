/** What the shop remembers in the browser. */

import type { ApiProblem } from "@shared/graphql";
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
export const pendingCompletion = persisted<PendingCompletion>("completion", inSession);
export const pickupCodes = persisted<Record<string, string>>("codes", inSession);
/** Said once after an automatic sign-out. */
export const signedOutNotice = persisted<ApiProblem>("signed-out", inSession);
