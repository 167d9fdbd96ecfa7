/** The last look before the order: who, where and when, how it is paid. */

import { useMoney } from "@shared/useMoney";
import { Button, Select } from "@mantine/core";
import { formatDay, formatSpan, zoneName } from "@shared/time";
import { IconBuildingStore, IconCreditCard } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { problemsIn } from "@shared/cart/problems";
import { ToSettle } from "../cart/ToSettle";
import { type Cart } from "../cart/useCart";
import { pendingCompletion } from "../session/stores";
import { formatAddress } from "../stores/address";
import { ErrorNote } from "../ui/ErrorNote";
import { isOpen, useCheckout } from "./CheckoutLayout";
import { useOffersTestCards } from "./testCards";
import { usePlaceOrder } from "./usePlaceOrder";

const TEST_CARDS = ["tok_ok", "tok_3ds", "tok_declined"] as const;

export function ReviewStep() {
  const { t } = useTranslation();
  const { cart, needsPickup } = useCheckout();
  const delivery = cart.deliveries.find(({ pickupStore, pickupSlot }) => pickupStore && pickupSlot);
  if (!isOpen("review", cart, needsPickup)) return <Navigate to="/checkout/pickup" replace />;
  const { contact } = cart;
  return (
    <div className="review">
      <Fact title={t("checkout.contact")} to="/checkout/contact">
        <p>{[contact.firstName, contact.lastName].filter(Boolean).join(" ")}</p>
        <p>{[contact.email, contact.phone].filter(Boolean).join(" · ")}</p>
      </Fact>
      <ToSettle cart={cart} />
      {delivery && <PickupFact delivery={delivery} reservedUntil={cart.reservedUntil} />}
      <Payment cart={cart} isCollected={!!delivery} />
    </div>
  );
}

function Fact({ title, to, children }: { title: string; to: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className="panel fact">
      <div>
        <h2>{title}</h2>
        {children}
      </div>
      <Link to={to}>{t("common.change")}<span className="sr-only">: {title}</span></Link>
    </section>
  );
}

function PickupFact({ delivery, reservedUntil }: { delivery: Cart["deliveries"][number]; reservedUntil?: string | null }) {
  const { t, i18n } = useTranslation();
  const { pickupStore: store, pickupSlot: slot } = delivery;
  if (!store || !slot) return null;
  return (
    <Fact title={t("checkout.pickup")} to="/checkout/pickup">
      <p><strong>{store.name}</strong>, {formatAddress(store)}</p>
      <p>
        {formatDay(slot.start, i18n.language, store.timezone)}, {formatSpan(slot.start, slot.end, i18n.language, store.timezone)}{" "}
        {zoneName(slot.start, i18n.language, store.timezone)}
      </p>
      {reservedUntil && <Reserved until={reservedUntil} />}
    </Fact>
  );
}

/** How long the stock and the time are kept, minute by minute. */
function Reserved({ until }: { until: string }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.ceil((Date.parse(until) - now) / 60_000);
  return <p className="dimmed">{minutes > 0 ? t("checkout.reserved", { count: minutes }) : t("checkout.reservedNoMore")}</p>;
}

/** At the counter pays who collects there. */
function Payment({ cart, isCollected }: { cart: Cart; isCollected: boolean }) {
  const { t } = useTranslation();
  const money = useMoney();
  const offersCards = useOffersTestCards();
  const before = pendingCompletion.use();
  const [wished, setMethod] = useState<"PAY_IN_STORE" | "CARD">(before?.cartId === cart.id ? before.method : "PAY_IN_STORE");
  const method = isCollected ? wished : "CARD";
  const [card, setCard] = useState<string>(before?.token ?? TEST_CARDS[0]);
  const place = usePlaceOrder();
  const isSettled = problemsIn(cart).length === 0;
  const submit = () =>
    place.mutate({ cartId: cart.id, method, token: method === "CARD" ? card : null, total: cart.total.amount });
  return (
    <section className="panel">
      <fieldset className="payment">
        <legend>{t("payment.title")}</legend>
        {isCollected && (
          <Method icon={<IconBuildingStore size={24} aria-hidden />} title={t("payment.inStore")} text={t("payment.inStoreText")}
            checked={method === "PAY_IN_STORE"} onChange={() => setMethod("PAY_IN_STORE")} />
        )}
        {!isCollected && !offersCards && <p>{t("payment.none")}</p>}
        {offersCards && (
          <Method icon={<IconCreditCard size={24} aria-hidden />} title={t("payment.card")} text={t("payment.cardText")}
            checked={method === "CARD"} onChange={() => setMethod("CARD")} />
        )}
      </fieldset>
      {offersCards && method === "CARD" && (
        <Select mt="md" label={t("payment.testCard")} description={t("payment.testCardHint")} value={card} allowDeselect={false}
          onChange={(value) => value && setCard(value)} data={TEST_CARDS.map((value) => ({ value, label: t(`payment.${value}`) }))} />
      )}
      {isSettled ? <ErrorNote error={place.error} onRetry={submit} /> : <p className="cart-first">{t("cartProblem.first")}</p>}
      <Button size="lg" fullWidth mt="lg" disabled={!isSettled || (method === "CARD" && !offersCards)} loading={place.isPending} onClick={submit}>
        {t(method === "CARD" ? "checkout.payNow" : "checkout.placeOrder", { total: money(cart.total) })}
      </Button>
      <p className="dimmed small">{t(method === "CARD" ? "checkout.payNowNote" : "checkout.placeOrderNote")}</p>
    </section>
  );
}

interface MethodProps {
  icon: ReactNode;
  title: string;
  text: string;
  checked: boolean;
  onChange: () => void;
}

function Method({ icon, title, text, checked, onChange }: MethodProps) {
  return (
    <label className={checked ? "method method-selected" : "method"}>
      <input type="radio" name="method" checked={checked} onChange={onChange} />
      {icon}
      <span><strong>{title}</strong><span>{text}</span></span>
    </label>
  );
}
