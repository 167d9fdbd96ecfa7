/** The cart: what is in it, what it costs today and every month. */

import { useMoney } from "@shared/useMoney";
import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { IconMinus, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CartBundle } from "../bundle/CartBundle";
import { byBundle } from "@shared/bundle/prices";
import { problemsIn } from "@shared/cart/problems";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { Picture } from "../ui/Picture";
import { useLineProduct } from "./lineProducts";
import { Totals } from "./Totals";
import { ToSettle } from "./ToSettle";
import { type Cart, useCart, useChangeQuantity } from "./useCart";

type Line = Cart["lines"][number];

const MAX_QUANTITY = 10;

export function CartPage() {
  const { t } = useTranslation();
  const { cart, query, isLoading } = useCart();
  useTitle(t("cart.title"));
  if (isLoading) return <CartSkeleton />;
  if (query.isError && !cart) {
    return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  }
  if (!cart?.lines.length) return <EmptyCart />;
  return (
    <div className="wrap page">
      <h1>{t("cart.title")}</h1>
      <ToSettle cart={cart} />
      <div className="two-columns">
        <ul className="cart-lines">
          {byBundle(cart.lines).map(({ bundleId, lines }) =>
            bundleId
              ? <CartBundle key={bundleId} bundleId={bundleId} lines={lines} cart={cart} />
              : lines.map((line) => <CartLineRow key={line.id} line={line} cartId={cart.id} />),
          )}
        </ul>
        <aside className="summary" aria-label={t("cart.summary")}>
          <h2>{t("cart.summary")}</h2>
          <Totals cart={cart} />
          {problemsIn(cart).length > 0
            ? <p className="cart-first">{t("cartProblem.first")}</p>
            : <Button component={Link} to="/checkout/contact" size="lg" fullWidth>{t("cart.checkout")}</Button>}
          <Link to="/search" className="summary-more">{t("cart.continue")}</Link>
        </aside>
      </div>
    </div>
  );
}

function CartLineRow({ line, cartId }: { line: Line; cartId: string }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { slug, kind, picture } = useLineProduct(line.sku);
  const change = useChangeQuantity();
  const set = (quantity: number) => change.mutate({ cartId, lineId: line.id, quantity });
  const shown = change.isPending ? change.variables.quantity : line.quantity;
  return (
    <li className="cart-line" aria-busy={change.isPending}>
      <Picture src={picture} kind={kind} className="cart-picture" />
      <div className="cart-line-body">
        <h2>{slug ? <Link to={`/product/${slug}?sku=${encodeURIComponent(line.sku)}`}>{line.name}</Link> : line.name}</h2>
        <p className="dimmed">{t("cart.each", { price: money(line.unitPrice) })}</p>
        <div className="cart-line-row">
          <div className="stepper" role="group" aria-label={t("cart.quantityOf", { name: line.name })}>
            <ActionIcon variant="subtle" color="dark" disabled={change.isPending || shown <= 1} onClick={() => set(line.quantity - 1)} aria-label={t("cart.less")}>
              <IconMinus size={18} />
            </ActionIcon>
            <span aria-live="polite">{shown}</span>
            <ActionIcon variant="subtle" color="dark" disabled={change.isPending || shown >= MAX_QUANTITY} onClick={() => set(line.quantity + 1)} aria-label={t("cart.more")}>
              <IconPlus size={18} />
            </ActionIcon>
          </div>
          <ActionIcon variant="subtle" color="dark" onClick={() => set(0)} loading={change.isPending && shown === 0} aria-label={t("cart.remove", { name: line.name })}>
            <IconTrash size={20} />
          </ActionIcon>
          <strong className="cart-line-total">{money(line.total)}</strong>
        </div>
        <ErrorNote error={change.error} onRetry={() => change.variables && change.mutate(change.variables)} />
      </div>
    </li>
  );
}

function EmptyCart() {
  const { t } = useTranslation();
  return (
    <div className="wrap page empty">
      <h1>{t("cart.emptyTitle")}</h1>
      <p>{t("cart.emptyText")}</p>
      <div className="empty-ways">
        <Button component={Link} to="/search" size="lg">{t("nav.all")}</Button>
        <Button component={Link} to="/find-order" size="lg" variant="default">{t("order.find")}</Button>
      </div>
    </div>
  );
}

export function CartSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="wrap page" role="status" aria-label={t("common.loading")}>
      <Skeleton height={34} width={200} mb={24} />
      <Skeleton height={128} radius="lg" />
      <Skeleton height={128} radius="lg" mt={16} />
    </div>
  );
}
