/** Where else a product is to be had when the chosen store has none: one question for all products on the page. */

import { useQuery } from "@tanstack/react-query";
import { NearbyStockDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { NearbyStockQuery } from "../gql/graphql";
import { isStocked } from "../product/kinds";
import { useShop } from "../session/shop";
import { chosenStore, place } from "../session/stores";
import type { Edge } from "./useResults";

type Availability = NearbyStockQuery["availability"];

export interface NearbyStock {
  /** Units in all stores asked, of all variants. */
  quantity: number;
  /** The nearest store that has it. */
  storeName: string;
  distanceKm: number | null;
}

/** The API's limit of SKUs in one question. */
const SKUS_AT_ONCE = 100;
const STORES = 8;

/** By product id, for products of which the chosen store has none; empty without a store or place to look around. */
export function useNearbyStock(edges: readonly Edge[]): Map<string, NearbyStock> {
  const store = chosenStore.use();
  const here = place.use();
  const { country } = useShop();
  const near = here ?? (store ? { latitude: store.latitude, longitude: store.longitude } : null);
  const missing = edges.filter(({ node, storeQuantity, nearestStore }) => isStocked(node.kind) && !storeQuantity && !nearestStore);
  const skus = missing.flatMap(({ node }) => node.variants.map(({ sku }) => sku));
  const stock = useQuery({
    queryKey: ["nearby-stock", near, country, skus],
    enabled: near !== null && skus.length > 0,
    queryFn: async ({ signal }) => {
      const chunks = Array.from({ length: Math.ceil(skus.length / SKUS_AT_ONCE) }, (_, index) => skus.slice(index * SKUS_AT_ONCE, (index + 1) * SKUS_AT_ONCE));
      const answers = await Promise.all(chunks.map((chunk) => call(NearbyStockDocument, { skus: chunk, near, country, first: STORES }, { signal })));
      return answers.flatMap(({ availability }) => availability);
    },
    placeholderData: (previous) => previous,
    // The cards stand without it.
    retry: false,
  });
  return nearbyStock(missing, stock.data ?? [], store?.id);
}

/** What the stores around have of each product, the chosen store left aside; only of what any of them has. */
export function nearbyStock(edges: readonly Edge[], availability: Availability, ownId: string | undefined): Map<string, NearbyStock> {
  const bySku = new Map(availability.map(({ sku, stores }) => [sku, stores]));
  const found = new Map<string, NearbyStock>();
  for (const { node } of edges) {
    const rows = node.variants.flatMap(({ sku }) => bySku.get(sku) ?? []).filter(({ store, quantity }) => quantity > 0 && store.id !== ownId);
    const quantity = rows.reduce((sum, row) => sum + row.quantity, 0);
    const [nearest] = rows.toSorted((left, right) => (left.store.distanceKm ?? Infinity) - (right.store.distanceKm ?? Infinity));
    if (nearest) found.set(node.id, { quantity, storeName: nearest.store.name, distanceKm: nearest.store.distanceKm ?? null });
  }
  return found;
}
