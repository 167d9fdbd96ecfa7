/** What outlives a reload and an outage on this device: the server's last answers, and work that is not finished. */

import { useEffect, useState } from "react";
import { useAnswer, type Answer } from "./useAnswer";

interface Kept<T> { value: T; asOf: string }

export interface Remembered<T> extends Answer<T> {
  /** When the value was right, ISO 8601; null while it is fresh or there is none. */
  asOf: string | null;
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

/** Puts the answer to a question aside, for when the network is away. */
export function remember<T>(key: string, value: T): void {
  write(`till.answer.${key}`, { value, asOf: new Date().toISOString() } satisfies Kept<T>);
}

/** As `useAnswer`, with the last answer while there is no fresh one. */
export function useRemembered<T>(key: string, question: () => Promise<T>): Remembered<T> {
  const answer = useAnswer(key, question);
  const { value } = answer;
  useEffect(() => {
    if (value !== undefined) remember(key, value);
  }, [key, value]);
  if (value !== undefined) return { ...answer, asOf: null };
  const kept = read<Kept<T>>(`till.answer.${key}`);
  return { ...answer, value: kept?.value, asOf: kept?.asOf ?? null };
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
