import { useMoney } from "@shared/useMoney";
import { compareMoney, isPositive, type Money } from "@shared/money";
import { useTranslation } from "react-i18next";
import { useShop } from "../session/shop";

interface Amounts {
  subtotal: Money;
  tax: Money;
  total: Money;
  monthly: Money;
  discountTotal?: Money;
  shippingTotal?: Money;
}

/** What is due today line by line, and what follows every month. The numbers are the API's. */
export function Totals({ cart, isOrder }: { cart: Amounts; isOrder?: boolean }) {
  const { t } = useTranslation();
  const money = useMoney();
  const shop = useShop();
  // An order may be of another channel than the one shopped in now: its own sums say how its prices were meant.
  const pricesIncludeTax = isOrder && isPositive(cart.tax) ? compareMoney(cart.total, cart.subtotal) === 0 : shop.pricesIncludeTax;
  const { discountTotal, shippingTotal } = cart;
  return (
    <dl className="totals">
      <Row label={t("totals.subtotal")} value={money(cart.subtotal)} />
      {discountTotal && isPositive(discountTotal) && <Row label={t("totals.discount")} value={`−${money(discountTotal)}`} />}
      {shippingTotal && isPositive(shippingTotal) && <Row label={t("totals.shipping")} value={money(shippingTotal)} />}
      <Row label={t(pricesIncludeTax ? "totals.taxIncluded" : "totals.tax")} value={money(cart.tax)} />
      <Row label={t(isOrder ? "totals.orderTotal" : "totals.total")} value={money(cart.total)} strong />
      {isPositive(cart.monthly) && <Row label={t("totals.monthly")} value={t("bundle.aMonth", { price: money(cart.monthly) })} note={isOrder ? undefined : t("totals.monthlyNote")} />}
    </dl>
  );
}

function Row({ label, value, strong, note }: { label: string; value: string; strong?: boolean; note?: string }) {
  return (
    <div className={strong ? "totals-row totals-strong" : "totals-row"}>
      <dt>
        {label}
        {note && <small>{note}</small>}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
