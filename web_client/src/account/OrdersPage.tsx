import { useMoney } from "@shared/useMoney";
import { Button } from "@mantine/core";
import { formatMoment } from "@shared/time";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { call } from "../api/client";
import { MyOrdersDocument } from "../api/orderDocuments";
import { CartSkeleton } from "../cart/CartPage";
import { session } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";

export function OrdersPage() {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const signedIn = session.use();
  const query = useInfiniteQuery({
    queryKey: ["my-orders", signedIn?.email],
    enabled: signedIn !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => call(MyOrdersDocument, { after: pageParam }, { signal }),
    getNextPageParam: ({ me }) => (me?.orders.pageInfo.hasNextPage ? (me.orders.pageInfo.endCursor ?? null) : null),
  });
  useTitle(t("account.orders"));
  if (!signedIn) return <Navigate to="/sign-in?next=/account/orders" replace />;
  if (query.isPending) return <CartSkeleton />;
  const orders = query.data?.pages.flatMap(({ me }) => me?.orders.edges.map(({ node }) => node) ?? []) ?? [];
  return (
    <div className="wrap page narrow">
      <h1>{t("account.orders")}</h1>
      <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      {query.isSuccess && !orders.length && (
        <div className="empty">
          <p>{t("account.noOrders")}</p>
          <Button component={Link} to="/search">{t("nav.all")}</Button>
        </div>
      )}
      <ul className="orders">
        {orders.map((order) => (
          <li key={order.id} className="panel order-row">
            <div>
              <h2><Link to={`/order/${encodeURIComponent(order.id)}`}>{order.number}</Link></h2>
              <p>{order.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ")}</p>
              <p className="dimmed">
                <time dateTime={order.createdAt}>{formatMoment(order.createdAt, i18n.language)}</time>
                {order.pickups[0] && ` · ${order.pickups[0].store.name}`}
              </p>
            </div>
            <div className="order-row-end">
              <strong>{money(order.total)}</strong>
              <span className={`order-status status-${order.status.toLowerCase()}`}>{t(`orderStatus.${order.status}`)}</span>
            </div>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>{t("results.more")}</Button>
      )}
    </div>
  );
}
