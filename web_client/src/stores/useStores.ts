/** The stores of the shop's country, nearest first when the shopper has said where they are. */

import { useQuery } from "@tanstack/react-query";
import { StoresDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { ShopStoreFieldsFragment } from "../gql/graphql";
import { useShop } from "../session/shop";
import { place, type Place } from "../session/stores";

export type Store = ShopStoreFieldsFragment;

const PAGE_SIZE = 100;
/** Bounds the loading, whatever the server says. */
const MAX_PAGES = 10;

export function useStores(enabled = true) {
  const near = place.use();
  const { country } = useShop();
  return useQuery({
    queryKey: ["stores", near, country],
    enabled,
    queryFn: ({ signal }) => loadStores(near, country, signal),
    staleTime: 5 * 60_000,
  });
}

async function loadStores(near: Place | null, country: string, signal: AbortSignal): Promise<Store[]> {
  const stores: Store[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result: { stores: { edges: { node: Store }[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } } =
      await call(StoresDocument, { near, first: PAGE_SIZE, after, country }, { signal });
    stores.push(...result.stores.edges.map((edge) => edge.node));
    after = result.stores.pageInfo.endCursor ?? null;
    if (!result.stores.pageInfo.hasNextPage || !after) break;
  }
  return stores;
}
