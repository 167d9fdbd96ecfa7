/** What the products of a cart's lines look like and whether they must be collected. */

import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { LineProductDocument } from "../api/cartDocuments";
import { call } from "../api/client";
import type { ContextInput, LineProductQuery } from "../gql/graphql";
import { needsCollecting } from "../product/kinds";
import { useShopContext } from "../session/shop";
import type { Cart } from "./useCart";

const lineProduct = (context: ContextInput, sku: string) =>
  queryOptions({
    queryKey: ["line-product", context.channel, sku],
    queryFn: ({ signal }) => call(LineProductDocument, { context, sku }, { signal }),
    staleTime: Infinity,
    retry: false,
  });

const variantOf = (product: LineProductQuery["product"] | undefined, sku: string) =>
  product?.variants.find((variant) => variant.sku === sku);

/** The picture and page of a line; a line without them still works. */
export function useLineProduct(sku: string) {
  const context = useShopContext();
  const product = useQuery(lineProduct(context, sku)).data?.product;
  const picture = variantOf(product, sku)?.imageUrl ?? product?.thumbnailUrl;
  return { slug: product?.slug, kind: product?.kind ?? ("OTHER" as const), picture };
}

/** False when the cart holds only what nobody must carry home: plans, services, eSIMs. True while that is not known. */
export function useNeedsPickup(cart: Cart | null): boolean {
  const context = useShopContext();
  const skus = cart?.lines.map((line) => line.sku) ?? [];
  return useQueries({
    queries: skus.map((sku) => lineProduct(context, sku)),
    combine: (results) =>
      results.some(({ data }, index) => {
        const product = data?.product;
        return !product || needsCollecting(product.kind, !!variantOf(product, skus[index] ?? "")?.serialised);
      }),
  });
}
