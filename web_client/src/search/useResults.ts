/** The pages of a result, and the place that its stock is asked for. */

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { SearchDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { SearchQuery } from "../gql/graphql";
import { useShopContext } from "../session/shop";
import { checkedAddress, chosenStore, place, stockScope, type Place } from "../session/stores";
import { searchInput, type SearchState, sortFrom } from "./searchState";

export type SearchPage = SearchQuery["guidedSearch"];
export type Dimension = NonNullable<SearchPage["dimensions"]>[number];
export type DimensionValue = Dimension["values"][number];
export type Edge = SearchPage["edges"][number];

export interface SearchPartProps {
  page: SearchPage;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

export const PAGE_SIZE = 24;

/** Where "near me" is; null while stock is looked at in the chosen store. */
export function useNear(): Place | null {
  const here = place.use();
  const store = chosenStore.use();
  const scope = stockScope.use();
  return store && scope !== "near" ? null : here;
}

/** Where a search is made. What can be delivered is asked for in searches alone: elsewhere an address says nothing. */
export function useSearchContext() {
  const shop = useShopContext();
  return { ...shop, premisesId: checkedAddress.use()?.premisesId ?? null };
}

export function useResults(state: SearchState) {
  const context = useSearchContext();
  const near = useNear();
  return useInfiniteQuery({
    queryKey: ["search", context, near, state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const input = { ...searchInput(state), sort: sortFrom(state.sort, near), near, first: PAGE_SIZE, after: pageParam };
      return call(SearchDocument, { context, input, guided: pageParam === null }, { signal });
    },
    getNextPageParam: ({ guidedSearch: { pageInfo } }) => (pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null),
    placeholderData: keepPreviousData,
  });
}

/** The products of all pages; one that moved between two of them while they were loaded shows once. */
export function edgesOf(pages: readonly SearchPage[]): Edge[] {
  const byId = new Map(pages.flatMap((page) => page.edges).map((edge) => [edge.node.id, edge]));
  return [...byId.values()];
}
