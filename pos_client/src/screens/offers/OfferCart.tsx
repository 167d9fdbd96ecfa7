/** The cart of bundles at this register: what is in it, who buys, and the order that is handed over and paid here. */

import { Button, TextInput } from "@mantine/core";
import { LinePrice } from "@shared/bundle/LinePrice";
import { CartProblems } from "@shared/cart/Problems";
import { problemsIn, type Remedy } from "@shared/cart/problems";
import { DateChip } from "@shared/DateChip";
import { byBundle } from "@shared/bundle/prices";
import { isPositive } from "@shared/money";
import { formatMoment } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { IconCircleCheck, IconPrinter, IconShoppingBag } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { type Buyer, type Cart, forgetCart, mendCart, type Placed, placeOrder, removeBundle, removeLine } from "../../app/offers";
import { Frame } from "../../components/Frame";
import { OrderPaper } from "../../components/OrderPaper";
import { Printed } from "../../components/Paper";
import { useOnline } from "../../hooks/useData";
import { useOfferCart, usePlace } from "../../hooks/useOffers";
import { offerRoute, routeTo } from "../../hooks/useRoute";
import { Offline } from "./Offline";

export function OfferCart() {
  const { t } = useTranslation();
  const [placed, setPlaced] = useState<Placed | null>(null);
  const answer = useOfferCart();
  if (placed) return <Done placed={placed} />;
  const cart = answer.value;
  const isEmpty = cart === null || cart?.lines.length === 0;
  return (
    <Frame title={t("offers.cart.title")} backTo={offerRoute()} side={cart && <Button variant="subtle" size="md" color="red" onClick={() => void forgetCart()}>{t("offers.cart.discard")}</Button>}>
      <Offline />
      {isEmpty && <div className="nothing"><IconShoppingBag size={44} stroke={1.2} aria-hidden /><p>{t("offers.cart.empty")}</p></div>}
      {!isEmpty && !cart && <p className="nothing" role="status" aria-busy={!answer.problem}>{answer.problem?.kind === "refused" ? answer.problem.message : t(answer.problem ? "offers.cart.offline" : "offers.asking")}</p>}
      {!isEmpty && cart && <Content cart={cart} onChanged={answer.again} onPlaced={setPlaced} />}
    </Frame>
  );
}

interface ContentProps {
  cart: Cart;
  onChanged: () => void;
  onPlaced: (placed: Placed) => void;
}

function Content({ cart, onChanged, onPlaced }: ContentProps) {
  const { t } = useTranslation();
  const online = useOnline();
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState<Remedy | null>(null);
  const toSettle = problemsIn(cart);
  const change = async (act: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setProblem(error.kind === "network" ? t("offers.offline") : error.message);
    }
    // What was refused may hold otherwise by now: the cart shows it.
    onChanged();
  };
  const mend = async (remedy: Remedy) => {
    if (remedy.kind === "CHANGE_BUNDLE") {
      window.location.hash = offerRoute("configure", remedy.offerCode, remedy.bundleId);
      return;
    }
    setPending(remedy);
    await change(() => mendCart(cart.id, remedy));
    setPending(null);
  };
  return (
    <div className="offers-look offers-two">
      <div className="offers-parts">
        <CartProblems problems={toSettle} onMend={(remedy) => void mend(remedy)} pending={pending} disabled={!online} />
        {problem && <p className="form-error" role="alert">{problem}</p>}
        {byBundle(cart.lines).map(({ bundleId, lines }) => (bundleId
          ? <BundlePart key={bundleId} bundle={cart.bundles.find(({ id }) => id === bundleId)} lines={lines} disabled={!online} onRemove={() => void change(() => removeBundle(cart.id, bundleId))} />
          : lines.map((line) => (
            <section key={line.id} className="card" aria-label={line.name}>
              <ul><Line line={line} /></ul>
              <div className="row-end"><Button variant="subtle" size="md" color="red" disabled={!online} onClick={() => void change(() => removeLine(cart.id, line.id))}>{t("offers.cart.remove", { name: line.name })}</Button></div>
            </section>
          ))))}
      </div>
      <Ordering cart={cart} isSettled={toSettle.length === 0} onPlaced={onPlaced} onRefused={onChanged} />
    </div>
  );
}

interface BundlePartProps {
  bundle: Cart["bundles"][number] | undefined;
  lines: Cart["lines"];
  disabled: boolean;
  onRemove: () => void;
}

function BundlePart({ bundle, lines, disabled, onRemove }: BundlePartProps) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const name = bundle?.name ?? t("bundle.one");
  return (
    <section className="card" aria-label={name}>
      <header className="offers-part-head">
        <h2>{name}</h2>
        <span className="spacer" />
        {bundle && <a className="offers-edit" href={offerRoute("configure", bundle.offerCode, bundle.id)}>{t("bundle.edit")}</a>}
        <Button variant="subtle" size="md" color="red" disabled={disabled} onClick={onRemove}>{t("bundle.remove")}</Button>
      </header>
      {bundle && (
        <p className="offers-part-sums">
          <strong>{t("bundle.aMonth", { price: money(bundle.monthly) })}</strong> <span>{t("bundle.today", { price: money(bundle.dueToday) })}</span> <DateChip day={bundle.promiseDate} />
        </p>
      )}
      {bundle && <p className={bundle.requoted ? "quiet-warning" : "quiet"}>{bundle.requoted ? t("bundle.quoteOver") : t("bundle.quoteHolds", { moment: formatMoment(bundle.quoteExpiresAt, i18n.language) })}</p>}
      <ul>{lines.map((line) => <Line key={line.id} line={line} />)}</ul>
    </section>
  );
}

function Line({ line }: { line: Cart["lines"][number] }) {
  return (
    <li className="offers-line">
      <span>{line.quantity > 1 && `${line.quantity} × `}{line.name}</span>
      <DateChip day={line.availableFrom} />
      <strong><LinePrice line={{ oneTime: line.total, recurring: line.monthly, instalment: null, instalmentMonths: null }} /></strong>
    </li>
  );
}

/** What is due now and each month, who buys, and the order. */
function Ordering({ cart, isSettled, onPlaced, onRefused }: { cart: Cart; isSettled: boolean; onPlaced: (placed: Placed) => void; onRefused: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const place = usePlace();
  const online = useOnline();
  const { firstName, lastName, email, phone } = cart.contact;
  const [buyer, setBuyer] = useState<Buyer>({ firstName: firstName ?? "", lastName: lastName ?? "", email: email ?? "", phone: phone ?? "" });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const order = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onPlaced(await placeOrder(place, cart.id, buyer));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setProblem(error.kind === "network" ? t("offers.offline") : error.message);
      setBusy(false);
      onRefused();
    }
  };
  const field = (name: keyof Buyer, mode: "text" | "email" | "tel") => (
    <TextInput size="lg" label={t(`offers.buyer.${name}`)} value={buyer[name]} required={name === "email"} type={mode} inputMode={mode} autoComplete="off" maxLength={name === "email" ? 254 : 120}
      onChange={(event) => setBuyer({ ...buyer, [name]: event.currentTarget.value })} />
  );
  return (
    <form className="card stack" aria-label={t("offers.summary")} onSubmit={(event) => void order(event)}>
      <dl>
        <div className="grand"><dt>{t("bundle.dueToday")}</dt><dd>{money(cart.total)}</dd></div>
        {isPositive(cart.tax) && <div><dt>{t("offers.cart.tax")}</dt><dd>{money(cart.tax)}</dd></div>}
        {isPositive(cart.monthly) && <div><dt>{t("bundle.monthly")}</dt><dd>{money(cart.monthly)}</dd></div>}
        {cart.promiseDate && <div><dt>{t("bundle.allWorks")}</dt><dd><DateChip day={cart.promiseDate} /></dd></div>}
      </dl>
      {field("firstName", "text")}
      {field("lastName", "text")}
      {field("email", "email")}
      {field("phone", "tel")}
      <p className="quiet">{t("offers.cart.then")}</p>
      {problem && isSettled && <p className="form-error" role="alert">{problem}</p>}
      {!isSettled && <p className="quiet-warning">{t("cartProblem.first")}</p>}
      <Button type="submit" size="lg" className="pay" fullWidth loading={busy} disabled={!online || !isSettled}>{t("offers.cart.order")}</Button>
    </form>
  );
}

function Done({ placed }: { placed: Placed }) {
  const { t } = useTranslation();
  const { ordered } = placed;
  const paper = <OrderPaper ordered={ordered} buyer={placed.buyer} />;
  return (
    <Frame title={t("offers.done.title")} backTo={offerRoute()}>
      <div className="card offers-look offers-done" role="status">
        <IconCircleCheck size={56} stroke={1.4} aria-hidden />
        <h2>{t("offers.done.number", { number: ordered.number })}</h2>
        {ordered.promiseDate && <p>{t("bundle.allWorks")} <DateChip day={ordered.promiseDate} /></p>}
        {placed.handOverCode && <p>{t("offers.done.code")} <strong className="code-input">{placed.handOverCode}</strong></p>}
        {placed.pickupId
          ? <><p className="quiet">{t("offers.done.lead")}</p><Button component="a" size="lg" href={routeTo("pickups", placed.pickupId)}>{t("offers.done.go")}</Button></>
          : <p className="quiet">{t("offers.done.nothing")}</p>}
        <Button size="lg" variant="default" leftSection={<IconPrinter aria-hidden />} onClick={() => window.print()}>{t("offers.done.print")}</Button>
      </div>
      <div className="detail-paper">{paper}</div>
      <Printed>{paper}</Printed>
    </Frame>
  );
}
