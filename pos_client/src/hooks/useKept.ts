/** Answers and work in progress that survive a lost network or a reload. */

import { useLiveQuery } from "dexie-react-hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { RequestFailure } from "../api/client";
import { db } from "../store/db";
import type { Answer } from "./useAnswer";
import { useOnline } from "./useData";

/** How often a list is asked for anew that others work on at the same time. */
export const LIVE_MS = 15_000;

export interface Kept<T> extends Omit<Answer<T>, "again"> {
  /** When the value was right, ISO 8601; null while it is fresh or there is none. */
  asOf: string | null;
  /** Asks again; done when the answer is kept, or there is none. */
  again: () => Promise<void>;
}

/** Puts the answer to a question aside, for when the network is away. */
export async function keep(key: string, value: unknown): Promise<void> {
  await db.remembered.put({ key, value, asOf: new Date().toISOString() });
}

interface Outcome { key: string; fresh: boolean; problem: Answer<unknown>["problem"] }

/**
 * The last answer to a question, which is asked when `key` changes (it names the question with all that it depends on), when the network is back, and
 * every `everyMs` while the screen is open if that is given. The answer is read from the device's database alone, so that every screen sees the latest.
 */
export function useKept<T>(key: string, question: () => Promise<T>, everyMs?: number): Kept<T> {
  const online = useOnline();
  const latest = useRef(question);
  latest.current = question;
  const [outcome, setOutcome] = useState<Outcome>({ key, fresh: false, problem: null });
  const found = useLiveQuery(() => db.remembered.get(key), [key]);
  const again = useCallback(async () => {
    try {
      await keep(key, await latest.current());
      setOutcome({ key, fresh: true, problem: null });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const problem = error.kind === "network" ? { kind: "offline" as const } : { kind: "refused" as const, message: error.message };
      setOutcome({ key, fresh: false, problem });
    }
  }, [key]);
  useEffect(() => {
    void again();
    if (!online || everyMs === undefined) return undefined;
    const timer = setInterval(() => void again(), everyMs);
    return () => clearInterval(timer);
  }, [again, online, everyMs]);
  // For a moment after the key has changed the answer and the outcome are still those of the question before.
  const kept = found?.key === key ? found : undefined;
  const mine = outcome.key === key ? outcome : undefined;
  const problem = mine?.problem ?? (online ? null : { kind: "offline" as const });
  return { value: kept?.value as T | undefined, asOf: mine?.fresh && online ? null : kept?.asOf ?? null, problem, again };
}

function read<T>(name: string): T | undefined {
  try {
    const text = window.localStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    // A full or forbidden storage, or what an older version wrote: then nothing is remembered.
    return undefined;
  }
}

function write(name: string, value: unknown): void {
  try {
    if (value === undefined) window.localStorage.removeItem(name);
    else window.localStorage.setItem(name, JSON.stringify(value));
  } catch (error) {
    console.warn("This device could not keep something for later.", error);
  }
}

/** Work in progress under a name; `empty` until there is some. Setting it to null forgets it. */
export function useDraft<T>(name: string, empty: T): [T, (change: T | null) => void] {
  const key = `till.draft.${name}`;
  const [value, setValue] = useState<T>(() => read<T>(key) ?? empty);
  const set = (change: T | null) => {
    write(key, change ?? undefined);
    setValue(change ?? empty);
  };
  return [value, set];
}
