/** A list of the server's that a screen shows: asked for when there is a network, remembered on the device for when there is none. */

import { useLiveQuery } from "dexie-react-hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { RequestFailure } from "../api/client";
import { db } from "../store/db";
import { useOnline } from "./useData";

export interface RememberedList<T> {
  /** Undefined until it has come, from the server or from the device. */
  value: T | undefined;
  /** When it was right, ISO 8601. */
  asOf: string | null;
  /** The server's sentence when it refuses. */
  problem: string | null;
  refresh: () => Promise<void>;
}

/** `key` names the question with all that it depends on. Asked again every `everyMs` while the screen is open. */
export function useRemembered<T>(key: string, ask: () => Promise<T>, everyMs = 15_000): RememberedList<T> {
  const online = useOnline();
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  const kept = useLiveQuery(async () => (await db.remembered.get(key)) ?? null, [key]);
  const refresh = useCallback(async () => {
    try {
      const value = await latest.current();
      await db.remembered.put({ key, value, asOf: new Date().toISOString() });
      setProblem(null);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // What is remembered stays on screen; a lost network shows in the badge above.
      if (error.kind !== "network") setProblem(error.message);
    }
  }, [key]);
  useEffect(() => {
    setProblem(null);
    if (!online) return undefined;
    void refresh();
    const timer = setInterval(() => void refresh(), everyMs);
    return () => clearInterval(timer);
  }, [online, refresh, everyMs]);
  return { value: kept ? (kept.value as T) : undefined, asOf: kept?.asOf ?? null, problem, refresh };
}
