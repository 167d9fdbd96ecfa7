/** Where in the till one is; in the address's fragment, so that a reload comes back to the same place. */

import { useSyncExternalStore } from "react";

export type View = "sell" | "offers" | "sales" | "pickups" | "stock" | "shift";
const VIEWS: readonly View[] = ["sell", "offers", "sales", "pickups", "stock", "shift"];
/** Those that have screens of their own. */
const SECTIONS: readonly View[] = ["stock", "offers"];

export interface Route {
  view: View;
  /** The opened sale's clientId, pickup's id, or what is open in a screen of a section. */
  id: string | null;
  /** Of a section: #/stock/<screen>/<id>. */
  screen: string | null;
  /** What of it is meant: the bundle in the cart that an offer's configurator changes. */
  part: string | null;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const [name, ...parts] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const view = VIEWS.find((known) => known === name) ?? "sell";
  const screen = SECTIONS.includes(view) ? parts.shift() || null : null;
  return { view, screen, id: parts[0] || null, part: parts[1] || null };
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
  return sectionRoute("stock", screen, id);
}

/** The address of a screen of the offers' section; of its home without a name. */
export function offerRoute(screen?: "configure" | "address" | "cart", id?: string, part?: string): string {
  return sectionRoute("offers", screen, id, part);
}

function sectionRoute(view: View, ...parts: (string | undefined)[]): string {
  return [`#/${view}`, ...parts].filter((part) => part !== undefined).map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join("/");
}

export function goStock(screen?: string, id?: string): void {
  window.location.hash = stockRoute(screen, id);
}

export function go(view: View, id?: string): void {
  window.location.hash = routeTo(view, id);
}
