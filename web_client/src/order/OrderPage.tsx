/** One order, live: where it stands, the pickup code, what happened, what it cost. */

import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";
import { call } from "../api/client";
import { OrderDocument } from "../api/orderDocuments";
import { CartSkeleton } from "../cart/CartPage";
import type { OrderFieldsFragment } from "../gql/graphql";
import { cartId, session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { NotFound } from "../ui/NotFound";
import { OrderView } from "./OrderView";

export type Order = OrderFieldsFragment;

const REFRESH = 15_000;
const DONE = new Set(["FULFILLED", "CANCELLED", "RETURNED"]);

export function useOrder(id: string) {
  return useQuery({
    queryKey: ["order", id],
    queryFn: ({ signal }) => call(OrderDocument, { id }, { signal }),
    refetchInterval: ({ state }) => (state.data?.order && DONE.has(state.data.order.status) ? false : REFRESH),
  });
}

export function OrderPage({ confirmed = false }: { confirmed?: boolean }) {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const query = useOrder(id);
  const order = query.data?.order;
  useTitle(order ? t("order.title", { number: order.number }) : t("order.one"));
  if (query.isPending) return <CartSkeleton />;
  if (query.isError && !order) {
    return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  }
  if (!order) return <NotFound title={t("order.notFound")} text={t("order.notFoundText")} />;
  return (
    <div className="wrap page">
      {confirmed ? <Confirmed order={order} /> : <h1>{t("order.title", { number: order.number })}</h1>}
      {query.isError && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      <OrderView order={order} />
    </div>
  );
}

/** The cart that became this order is no cart any more. */
function useForgetCart(): void {
  const ordered = (useLocation().state as { cartId?: string } | null)?.cartId;
  useEffect(() => {
    if (ordered && cartId.get() === ordered) cartId.set(null);
  }, [ordered]);
}

function Confirmed({ order }: { order: Order }) {
  const { t } = useTranslation();
  const signedIn = session.use();
  useForgetCart();
  return (
    <header className="confirmed">
      <IconCircleCheckFilled size={52} aria-hidden />
      <h1>{t("order.thanks")}</h1>
      <p>{t("order.thanksText", { number: order.number })}</p>
      {!signedIn && <p className="dimmed">{t("order.keepCode")} <Link to="/find-order">{t("order.find")}</Link></p>}
    </header>
  );
}
