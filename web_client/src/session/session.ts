/** Signing in and out, and keeping the session fresh. */

import { ApiRequestError, NetworkError, request } from "@shared/graphql";
import { newKey } from "@shared/idempotency";
import { RefreshSessionDocument, SignInDocument } from "../api/orderDocuments";
import i18n from "../i18n";
import { recentSearches, session, signedOutNotice, type Session, viewedProducts } from "./stores";

const MARGIN = 60_000;

/** The token to send: renewed when it is about to end; null for a guest. */
export async function freshToken(): Promise<string | null> {
  const current = session.get();
  if (!current) return null;
  const endsSoon = current.expiresAt !== null && Date.parse(current.expiresAt) - Date.now() < MARGIN;
  return endsSoon ? renewSession() : current.token;
}

let renewal: Promise<string | null> | null = null;

/** Renew the session; several callers share one attempt. Null (and signed out) when it cannot be renewed. */
export function renewSession(): Promise<string | null> {
  renewal ??= renew().finally(() => {
    renewal = null;
  });
  return renewal;
}

async function renew(): Promise<string | null> {
  const current = session.get();
  if (!current) return null;
  const payload = current.refreshToken ? await askForRenewal(current.refreshToken) : null;
  if (payload?.token) {
    const { token, refreshToken, expiresAt } = payload;
    session.set({ ...current, token, refreshToken: refreshToken ?? current.refreshToken, expiresAt: expiresAt ?? null });
    return token;
  }
  session.set(null);
  signedOutNotice.set({ code: "UNAUTHENTICATED", message: i18n.t("account.sessionEnded") });
  return null;
}

async function askForRenewal(refreshToken: string) {
  try {
    const result = await request(RefreshSessionDocument, { refreshToken }, { language: i18n.language });
    return result.refreshSession;
  } catch (error) {
    // Without a network the session may still be good: only a refusal ends it.
    if (error instanceof NetworkError || !(error instanceof ApiRequestError)) throw error;
    return null;
  }
}

/** Sign in; returns the API's problems, none when it worked. Throws NetworkError or ApiRequestError. */
export async function signIn(email: string, password: string) {
  const options = { language: i18n.language, idempotencyKey: newKey() };
  const { signIn: payload } = await request(SignInDocument, { email, password }, options);
  if (payload.token && !payload.errors.length) {
    const { token, refreshToken = null, expiresAt = null } = payload;
    const started: Session = { token, refreshToken, expiresAt, email };
    session.set(started);
    signedOutNotice.set(null);
  }
  return payload.errors;
}

/** Forget who is signed in, here and in other tabs, and what they looked for. */
export function signOut(): void {
  session.set(null);
  recentSearches.set(null);
  viewedProducts.set(null);
}
