/** A value that survives a reload, shared by all components that read it and by the shop's other tabs. */

import { useSyncExternalStore } from "react";

export interface Persisted<T> {
  get(): T | null;
  set(value: T | null): void;
  use(): T | null;
}

const PREFIX = "shop.";

/** `storage` may be missing or full (private windows): the value then lives as long as the page. */
export function persisted<T>(name: string, storage: () => Storage = () => localStorage): Persisted<T> {
  const key = PREFIX + name;
  const listeners = new Set<() => void>();
  let value = read<T>(key, storage);

  const notify = () => listeners.forEach((listener) => listener());
  window.addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    value = read<T>(key, storage);
    notify();
  });

  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = () => value;
  return {
    get,
    set(next) {
      value = next;
      write(key, next, storage);
      notify();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

function read<T>(key: string, storage: () => Storage): T | null {
  try {
    const text = storage().getItem(key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    // Blocked storage or a value of an older version: start without one.
    return null;
  }
}

function write(key: string, value: unknown, storage: () => Storage): void {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(value));
  } catch (error) {
    console.warn("The browser keeps nothing for this shop; it lasts until the page is closed.", error);
  }
}
