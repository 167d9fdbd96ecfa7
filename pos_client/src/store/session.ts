/** Who is signed in, and the PIN check that works while the network is down. */

import type { PinVerifier, Session, TillDatabase } from "./db";

const ITERATIONS = 600_000;
/** Wrong PINs at offline unlocks after which only the server lets someone in. */
export const MAXIMUM_OFFLINE_FAILURES = 5;

/** True where the browser lets a page derive keys (secure contexts). */
export function canVerifyOffline(): boolean {
  return typeof crypto.subtle !== "undefined";
}

export async function makeVerifier(pin: string, iterations = ITERATIONS): Promise<PinVerifier | null> {
  if (!canVerifyOffline()) return null;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt: toHex(salt), iterations, hash: await derive(pin, salt, iterations) };
}

export async function pinMatches(pin: string, verifier: PinVerifier): Promise<boolean> {
  const hash = await derive(pin, fromHex(verifier.salt), verifier.iterations);
  // Both are hex texts of one length; every character is looked at whatever the first difference.
  let differing = hash.length ^ verifier.hash.length;
  for (let index = 0; index < hash.length; index += 1) differing |= hash.charCodeAt(index) ^ verifier.hash.charCodeAt(index);
  return differing === 0;
}

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256);
  return toHex(new Uint8Array(bits));
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}

export type UnlockOutcome = "unlocked" | "wrongPin" | "needsNetwork";

/** Unlocks the present session without a network; counts wrong PINs. */
export async function unlockOffline(database: TillDatabase, pin: string): Promise<UnlockOutcome> {
  const session = await database.setting("session");
  if (!session?.verifier || !canVerifyOffline() || session.offlineFailures >= MAXIMUM_OFFLINE_FAILURES) return "needsNetwork";
  const right = await pinMatches(pin, session.verifier);
  return database.transaction("rw", database.settings, async () => {
    const current = await database.setting("session");
    if (!current) return "needsNetwork";
    const failures = right ? 0 : current.offlineFailures + 1;
    await database.putSetting("session", { ...current, locked: !right, offlineFailures: failures });
    return right ? "unlocked" : failures >= MAXIMUM_OFFLINE_FAILURES ? "needsNetwork" : "wrongPin";
  });
}

export async function lock(database: TillDatabase): Promise<void> {
  await database.transaction("rw", database.settings, async () => {
    const session = await database.setting("session");
    if (session) await database.putSetting("session", { ...session, locked: true });
  });
}

export function expired(session: Session, now: number): boolean {
  return Date.parse(session.expiresAt) <= now;
}
