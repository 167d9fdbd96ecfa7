/** The offers' section: devices with plans and what an address can have, or the screen that is open. */

import { Button, TextInput } from "@mantine/core";
import { useMoney } from "@shared/useMoney";
import { IconMapPin, IconShoppingBag } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { claimCart } from "../../app/offers";
import { useOnline, useSetting } from "../../hooks/useData";
import { useAddress, useOffers, usePlace } from "../../hooks/useOffers";
import { offerRoute, type Route } from "../../hooks/useRoute";
import { useScanner } from "../../hooks/useScanner";
import { codeFrom } from "../../domain/codes";
import { AddressCheck } from "./AddressCheck";
import { Configure } from "./Configure";
import { OfferCart } from "./OfferCart";
import { Offline } from "./Offline";

export function Offers({ route }: { route: Route }) {
  if (route.screen === "address") return <AddressCheck />;
  if (route.screen === "cart") return <OfferCart />;
  if (route.screen === "configure" && route.id) return <Configure key={`${route.id}/${route.part ?? ""}`} code={route.id} bundleId={route.part} />;
  return <Home />;
}

function Home() {
  const { t } = useTranslation();
  const cart = useSetting("offerCart");
  const { address } = useAddress();
  return (
    <div className="stock-home offers-home">
      <h1>{t("offers.title")}</h1>
      <Offline />
      <ul className="stock-tiles">
        <li>
          <a className="stock-tile" href={offerRoute("address")}>
            <IconMapPin size={32} stroke={1.5} aria-hidden />
            <strong>{t("offers.address.title")}</strong>
            <span>{address ? address.label : t("offers.address.hint")}</span>
          </a>
        </li>
        {cart && (
          <li>
            <a className="stock-tile" href={offerRoute("cart")}>
              <IconShoppingBag size={32} stroke={1.5} aria-hidden />
              <strong>{t("offers.cart.title")}</strong>
              <span>{t("offers.cart.hint")}</span>
            </a>
          </li>
        )}
      </ul>
      <List />
      {!cart && <Claim />}
    </div>
  );
}

function List() {
  const { t } = useTranslation();
  const money = useMoney();
  const { value: offers, problem } = useOffers();
  if (!offers) {
    if (problem?.kind === "refused") return <p className="form-error" role="alert">{problem.message}</p>;
    return problem ? null : <p className="nothing" role="status" aria-busy="true">{t("offers.asking")}</p>;
  }
  if (offers.length === 0) return <p className="nothing">{t("offers.none")}</p>;
  return (
    <section aria-label={t("bundle.offers")}>
      <ul className="stock-rows">
        {offers.map(({ code, name, groups, monthlyPriceFrom: from }) => (
          <li key={code}>
            <a className="stock-row stock-link" href={offerRoute("configure", code)}>
              <span className="stock-row-main"><strong>{name}</strong><span className="quiet">{groups.filter(({ options }) => options.length > 0).map(({ label }) => label).join(" · ")}</span></span>
              <span className="offer-from"><strong>{t("bundle.fromMonthly", { price: money(from.monthly) })}</strong><span className="quiet">{t(from.term ? "bundle.terms" : "bundle.today", { price: money(from.dueToday), today: money(from.dueToday), total: money(from.totalOverTerm) })}</span></span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The customer chose at home and shows a code. */
function Claim() {
  const { t } = useTranslation();
  const place = usePlace();
  const online = useOnline();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const claim = async (given: string) => {
    if (!given || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await claimCart(place, given);
      window.location.hash = offerRoute("cart");
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setProblem(error.kind === "network" ? t("offers.offline") : error.message);
    } finally {
      setBusy(false);
    }
  };
  useScanner((scanned) => { setCode(codeFrom(scanned)); void claim(codeFrom(scanned)); });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void claim(codeFrom(code));
  };
  return (
    <form className="card offers-claim" onSubmit={submit}>
      <h2>{t("offers.claim.title")}</h2>
      <p className="quiet">{t("offers.claim.lead")}</p>
      <TextInput size="lg" label={t("offers.claim.code")} value={code} autoComplete="off" maxLength={40} error={problem} classNames={{ input: "code-input" }} onChange={(event) => { setCode(event.currentTarget.value); setProblem(null); }} />
      <div className="row-end"><Button type="submit" size="lg" variant="light" loading={busy} disabled={!online || !code.trim()}>{t("offers.claim.submit")}</Button></div>
    </form>
  );
}
