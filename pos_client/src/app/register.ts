/** The register's token: typed, pasted as a link, or given by the link that opened the page. */

import { db } from "../store/db";

/** The token in what a person typed or pasted (a link or the bare token); null when there is none. */
export function registerTokenFrom(text: string): string | null {
  const trimmed = text.trim();
  const inLink = /[?#&]register=([^&#\s]+)/.exec(trimmed);
  const token = inLink?.[1] ? decodeURIComponent(inLink[1]) : trimmed;
  return /^[\w.~+/=:-]{6,512}$/.test(token) ? token : null;
}

/** Takes the token from `/pos/?register=...` or `/pos/#register=...` and removes it from the address and the history. */
export async function takeRegisterFromAddress(): Promise<void> {
  const { search, hash, pathname } = window.location;
  if (!/[?#&]register=/.test(search + hash)) return;
  const token = registerTokenFrom(/[?#&]register=/.test(search) ? search : hash);
  window.history.replaceState(null, "", pathname);
  if (!token) return;
  await db.transaction("rw", db.settings, async () => {
    const known = await db.setting("register");
    if (known?.token === token) return;
    await db.putSetting("register", { token });
    // Another register: whoever was signed in belongs to the former one. Its sales stay in the outbox.
    await db.dropSetting("session");
    await db.dropSetting("shift");
  });
}
