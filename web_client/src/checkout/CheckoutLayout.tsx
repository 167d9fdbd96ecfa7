/** The three steps to an order, and the cart beside them. */

import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation, useOutletContext } from "react-router";
import { CartSkeleton } from "../cart/CartPage";
import { useNeedsPickup } from "../cart/lineProducts";
import { SummaryLines } from "../cart/SummaryLines";
import { Totals } from "../cart/Totals";
import { type Cart, useCart } from "../cart/useCart";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";

/** What every step works on. */
export interface Checkout {
  cart: Cart;
  needsPickup: boolean;
}

export const useCheckout = () => useOutletContext<Checkout>();

const STEPS = ["contact", "pickup", "review"] as const;

export function CheckoutLayout() {
  const { t } = useTranslation();
  const { cart, query, isLoading } = useCart();
  const needsPickup = useNeedsPickup(cart);
  const step = useLocation().pathname.split("/").pop() ?? "";
  useTitle(t("checkout.title"));
  if (isLoading) return <CartSkeleton />;
  if (query.isError && !cart) {
    return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  }
  if (!cart?.lines.length) return <Navigate to="/cart" replace />;
  return (
    <div className="wrap page">
      <h1>{t("checkout.title")}</h1>
      <ol className="steps">
        {STEPS.filter((name) => needsPickup || name !== "pickup").map((name, index) => (
          <Step key={name} name={name} number={index + 1} current={step} open={isOpen(name, cart, needsPickup)} />
        ))}
      </ol>
      <div className="two-columns">
        <div><Outlet context={{ cart, needsPickup } satisfies Checkout} /></div>
        <Summary cart={cart} />
      </div>
    </div>
  );
}

/** A step may be entered when those before it are done. */
export function isOpen(step: string, cart: Cart, needsPickup: boolean): boolean {
  const hasContact = !!(cart.contact.email || cart.contact.phone);
  const hasPickup = !needsPickup || cart.deliveries.some((delivery) => delivery.pickupSlot);
  return step === "contact" || (hasContact && (step === "pickup" || hasPickup));
}

function Step({ name, number, current, open }: { name: string; number: number; current: string; open: boolean }) {
  const { t } = useTranslation();
  const label = <><span className="step-number" aria-hidden>{number}</span>{t(`checkout.${name}`)}</>;
  if (name === current) return <li className="step step-current" aria-current="step">{label}</li>;
  return <li className="step">{open ? <Link to={`/checkout/${name}`}>{label}</Link> : <span>{label}</span>}</li>;
}

function Summary({ cart }: { cart: Cart }) {
  const { t } = useTranslation();
  return (
    <aside className="summary" aria-label={t("cart.summary")}>
      <h2>{t("cart.summary")}</h2>
      <SummaryLines lines={cart.lines} bundles={cart.bundles} />
      <Totals cart={cart} />
    </aside>
  );
}
