/** Where in the till one is; in the address's fragment, so that a reload comes back to the same place. */

import { useSyncExternalStore } from "react";

export type View = "sell" | "sales" | "pickups" | "shift";
const VIEWS: readonly View[] = ["sell", "sales", "pickups", "shift"];

export interface Route {
  view: View;
  /** The opened sale's clientId or pickup's id. */
  id: string | null;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const [view, id] = hash.replace(/^#\/?/, "").split("/");
  return { view: VIEWS.find((known) => known === view) ?? "sell", id: id ? decodeURIComponent(id) : null };
}

export function routeTo(view: View, id?: string): string {
  return id ? `#/${view}/${encodeURIComponent(id)}` : `#/${view}`;
}

export function go(view: View, id?: string): void {
  window.location.hash = routeTo(view, id);
}
