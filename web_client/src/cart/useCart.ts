/** The shopper's cart: one id in the browser, its content always the API's. */

import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CartBundleAddDocument, CartBundleUpdateDocument, CartCreateDocument, CartDatesAcceptDocument, CartDocument, CartLinesUpdateDocument } from "@shared/documents/cart";
import { CartLinesAddDocument } from "../api/cartDocuments";
import { useNavigate } from "react-router";
import { call, PayloadError, perform } from "../api/client";
import type { ConfigurationInput } from "@shared/bundle/choice";
import type { Remedy } from "@shared/cart/problems";
import type { CartFieldsFragment, ContextInput } from "../gql/graphql";
import { useShopContext } from "../session/shop";
import { cartId } from "../session/stores";

export type Cart = CartFieldsFragment;

/** The cart, or null when there is none; `query` for loading and failure. */
export function useCart() {
  const id = cartId.use();
  const query = useQuery({
    queryKey: ["cart", id],
    enabled: id !== null,
    queryFn: ({ signal }) => loadCart(id as string, signal),
  });
  return { cart: id === null ? null : (query.data ?? null), query, isLoading: id !== null && query.isPending };
}

async function loadCart(id: string, signal: AbortSignal): Promise<Cart | null> {
  const { cart } = await call(CartDocument, { id }, { signal });
  // A cart that was ordered or has expired is no cart any more.
  if (!cart && cartId.get() === id) cartId.set(null);
  return cart ?? null;
}

/** Take over what a mutation answered, without asking again. */
export function useKeepCart(): (cart: Cart | null | undefined) => void {
  const client = useQueryClient();
  return (cart) => {
    if (!cart) return;
    client.setQueryData(["cart", cart.id], cart);
    cartId.set(cart.id);
  };
}

export interface NewLine {
  sku: string;
  quantity: number;
}

/** Put products into the cart; makes the cart when there is none. */
export function useAddToCart() {
  const context = useShopContext();
  const keep = useKeepCart();
  return useMutation({
    mutationFn: (line: NewLine) => addLine(context, line),
    onSuccess: keep,
  });
}

async function addLine(context: ContextInput, line: NewLine) {
  const id = cartId.get();
  if (!id) return createCart(context, [line]);
  try {
    const variables = { cartId: id, lines: [line] };
    return (await perform("cart.add", CartLinesAddDocument, variables, (result) => result.cartLinesAdd)).cart;
  } catch (error) {
    if (!isCartGone(error)) throw error;
    cartId.set(null);
    return createCart(context, [line]);
  }
}

/** Put a configured bundle into the cart; makes the cart when there is none. */
export function useAddBundle() {
  const context = useShopContext();
  const client = useQueryClient();
  return async (configuration: ConfigurationInput) => {
    try {
      return await addBundle(context, client, configuration);
    } catch (error) {
      if (!isCartGone(error)) throw error;
      cartId.set(null);
      return addBundle(context, client, configuration);
    }
  };
}

async function addBundle(context: ContextInput, client: QueryClient, configuration: ConfigurationInput) {
  let id = cartId.get();
  if (!id) {
    const created = await createCart(context, []);
    if (!created) throw new Error("A cart was made and not told.");
    id = created.id;
    // Kept at once: were the bundle refused, the next attempt takes the same cart.
    client.setQueryData(["cart", id], created);
    cartId.set(id);
  }
  const variables = { cartId: id, configuration };
  return (await perform("bundle-add", CartBundleAddDocument, variables, (result) => result.cartBundleAdd)).cart;
}

async function createCart(context: ContextInput, lines: NewLine[]) {
  const variables = { input: { context, lines } };
  return (await perform("cart.create", CartCreateDocument, variables, (result) => result.cartCreate)).cart;
}

function isCartGone(error: unknown): boolean {
  if (!(error instanceof PayloadError)) return false;
  return error.problems.some(({ code, field }) => code === "CART_COMPLETED" || (code === "NOT_FOUND" && field === "cartId"));
}

export interface QuantityChange {
  cartId: string;
  lineId: string;
  quantity: number;
}

/** Change a line's quantity; 0 removes it. */
export function useChangeQuantity() {
  const keep = useKeepCart();
  return useMutation({
    mutationFn: async ({ cartId: id, lineId, quantity }: QuantityChange) => {
      const variables = { cartId: id, lines: [{ lineId, quantity }] };
      const pick = (result: { cartLinesUpdate: { cart?: Cart | null; errors: { code: string; message: string }[] } }) =>
        result.cartLinesUpdate;
      return (await perform(`cart.line.${lineId}`, CartLinesUpdateDocument, variables, pick)).cart;
    },
    onSuccess: keep,
  });
}

/** Settle what of the cart is another than was told. A remedy that is refused shows what holds by now. */
export function useMend(cart: Cart) {
  const keep = useKeepCart();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (remedy: Remedy) => {
      if (remedy.kind === "CHANGE_BUNDLE") {
        await navigate(`/offers/${encodeURIComponent(remedy.offerCode)}?bundle=${encodeURIComponent(remedy.bundleId)}`);
        return null;
      }
      return mended(cart.id, remedy);
    },
    onSuccess: keep,
    onError: () => void client.invalidateQueries({ queryKey: ["cart", cart.id] }),
  });
}

async function mended(id: string, remedy: Exclude<Remedy, { kind: "CHANGE_BUNDLE" }>) {
  switch (remedy.kind) {
    case "ACCEPT_DATE": {
      const variables = { cartId: id, lines: [{ lineId: remedy.lineId, date: remedy.day }] };
      return (await perform(`cart-date-${remedy.lineId}`, CartDatesAcceptDocument, variables, (result) => result.cartDatesAccept)).cart;
    }
    case "TAKE_PRICE": {
      const variables = { cartId: id, bundleId: remedy.bundleId, configuration: remedy.configuration };
      return (await perform(`bundle-update-${remedy.bundleId}`, CartBundleUpdateDocument, variables, (result) => result.cartBundleUpdate)).cart;
    }
    case "REMOVE_LINE": {
      const variables = { cartId: id, lines: [{ lineId: remedy.lineId, quantity: 0 }] };
      return (await perform(`cart.line.${remedy.lineId}`, CartLinesUpdateDocument, variables, (result) => result.cartLinesUpdate)).cart;
    }
  }
}
