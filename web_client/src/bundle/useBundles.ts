/** Offers, their configuration and their way into the cart. */

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { CartBundleRemoveDocument, CartBundleUpdateDocument } from "@shared/documents/cart";
import { BundleOffersDocument, ConfigureBundleDocument } from "@shared/documents/offers";
import { call, perform } from "../api/client";
import type { ConfigurationInput } from "@shared/bundle/choice";
import { type Cart, useAddBundle, useKeepCart } from "../cart/useCart";
import type { BundleOffersQuery } from "../gql/graphql";
import { useShopContext } from "../session/shop";

const PAUSE_MS = 120;

/** The offers that can be had now; those that can hold `sku` when it is given. */
export function useOffers(sku: string | null = null, enabled = true) {
  const context = useShopContext();
  const query = useInfiniteQuery({
    queryKey: ["bundle-offers", context, sku],
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<BundleOffersQuery["bundleOffers"]> =>
      (await call(BundleOffersDocument, { context, sku, after: pageParam }, { signal })).bundleOffers,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null),
  });
  return { query, offers: query.data?.pages.flatMap(({ edges }) => edges.map(({ node }) => node)) ?? [] };
}

/** What a choice costs and whether it holds; while that is asked the answer before, said to be old. */
export function useConfiguration(input: ConfigurationInput) {
  const context = useShopContext();
  // A choice is changed faster than it need be asked about.
  const [asked] = useDebouncedValue(JSON.stringify(input), PAUSE_MS, { leading: true });
  const query = useQuery({
    queryKey: ["bundle", context, asked],
    queryFn: async ({ signal }) =>
      (await call(ConfigureBundleDocument, { context, input: JSON.parse(asked) as ConfigurationInput }, { signal })).configureBundle,
    placeholderData: keepPreviousData,
  });
  return { query, isOld: query.isPlaceholderData || asked !== JSON.stringify(input) };
}

/** Put a bundle into the cart, or change the one that is there. */
export function useSaveBundle(bundleId: string | null) {
  const keep = useKeepCart();
  const add = useAddBundle();
  return useMutation({
    mutationFn: async ({ cart, configuration }: { cart: Cart | null; configuration: ConfigurationInput }) => {
      if (!bundleId || !cart) return add(configuration);
      const variables = { cartId: cart.id, bundleId, configuration };
      return (await perform(`bundle-update-${bundleId}`, CartBundleUpdateDocument, variables, (result) => result.cartBundleUpdate)).cart;
    },
    onSuccess: keep,
  });
}

export function useRemoveBundle() {
  const keep = useKeepCart();
  return useMutation({
    mutationFn: async (variables: { cartId: string; bundleId: string }) =>
      (await perform(`bundle-remove-${variables.bundleId}`, CartBundleRemoveDocument, variables, (result) => result.cartBundleRemove)).cart,
    onSuccess: keep,
  });
}
