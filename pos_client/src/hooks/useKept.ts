/** Answers and work in progress that survive a lost network or a reload. */

import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useState } from "react";
import { db } from "../store/db";
import { useAnswer, type Answer } from "./useAnswer";

export interface Kept<T> extends Answer<T> {
  /** When the value was right, ISO 8601; null while it is fresh or there is none. */
  asOf: string | null;
}

/** Puts the answer to a question aside, for when the network is away. */
export async function keep(key: string, value: unknown): Promise<void> {
  await db.remembered.put({ key, value, asOf: new Date().toISOString() });
}

/** As `useAnswer`, with the last answer while there is no fresh one. */
export function useKept<T>(key: string, question: () => Promise<T>): Kept<T> {
  const answer = useAnswer(key, question);
  const { value } = answer;
  const kept = useLiveQuery(async () => (await db.remembered.get(key)) ?? null, [key]);
  useEffect(() => {
    if (value !== undefined) void keep(key, value);
  }, [key, value]);
  if (value !== undefined) return { ...answer, asOf: null };
  return { ...answer, value: kept ? (kept.value as T) : undefined, asOf: kept?.asOf ?? null };
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
