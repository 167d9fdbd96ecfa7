/** Where in the till one is; in the address's fragment, so that a reload comes back to the same place. */

import { useSyncExternalStore } from "react";

export type View = "sell" | "sales" | "pickups" | "stock" | "shift";
const VIEWS: readonly View[] = ["sell", "sales", "pickups", "stock", "shift"];

export interface Route {
  view: View;
  /** The opened sale's clientId, pickup's id, or what is open in a screen of the stock section. */
  id: string | null;
  /** Of the stock section: #/stock/<screen>/<id>. */
  screen: string | null;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const [name, ...parts] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const view = VIEWS.find((known) => known === name) ?? "sell";
  const screen = view === "stock" ? parts.shift() || null : null;
  return { view, screen, id: parts[0] || null };
}

/** A part of the address as text; one that nobody could have made by `routeTo` stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function routeTo(view: View, id?: string): string {
  return id ? `#/${view}/${encodeURIComponent(id)}` : `#/${view}`;
}

/** The address of a screen of the stock section; of its home without a name. */
export function stockRoute(screen?: string, id?: string): string {
  return ["#/stock", screen, id].filter((part) => part !== undefined).map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join("/");
}

export function goStock(screen?: string, id?: string): void {
  window.location.hash = stockRoute(screen, id);
}

export function go(view: View, id?: string): void {
  window.location.hash = routeTo(view, id);
}
