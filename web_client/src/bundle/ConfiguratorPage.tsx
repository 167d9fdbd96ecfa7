/** One offer, put together: what may be chosen beside what it costs and from when it works. */

import { Skeleton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { AddressEntry } from "../address/AddressChip";
import { isExpired } from "../address/useAddress";
import { useCart } from "../cart/useCart";
import { bundleChoices, checkedAddress } from "../session/stores";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import { NotFound } from "../ui/NotFound";
import { type Choice, choiceOf, inputOf, type Offer, placeKey, suggested } from "./choice";
import { Cost } from "./Cost";
import { Groups } from "./Groups";
import type { Violation } from "./prices";
import { Summary } from "./Summary";
import { useConfiguration, useOffers } from "./useBundles";

export function ConfiguratorPage() {
  const { t } = useTranslation();
  const { code = "" } = useParams();
  const { offers, query } = useOffers();
  const offer = offers.find((one) => one.code === code);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (query.isError) return <div className="wrap page"><ErrorNote error={query.error} onRetry={() => void query.refetch()} /></div>;
  if (!offer && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  if (!offer && (query.isPending || hasNextPage)) {
    return <div className="wrap page" role="status" aria-label={t("common.loading")}><Skeleton height={36} width={260} mb={24} /><Skeleton height={420} radius="lg" /></div>;
  }
  if (!offer) return <NotFound title={t("bundle.notFound")} text={t("bundle.notFoundText")} />;
  return <Configurator key={`${offer.code}.${offer.version}`} offer={offer} />;
}

function Configurator({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const { cart } = useCart();
  const asked = parameters.get("bundle");
  const bundleId = asked && cart?.lines.some((line) => line.bundleId === asked) ? asked : null;
  const [choice, setChoice] = useState<Choice>(() => {
    const kept = asked ? bundleChoices.get()?.[asked] : undefined;
    return kept?.offerCode === offer.code ? choiceOf(offer, kept) : suggested(offer, parameters.get("sku"));
  });
  const [shown, setShown] = useState<Violation | null>(null);
  const address = checkedAddress.use();
  const input = inputOf(offer, choice, address && !isExpired(address) ? address.qualificationId : null);
  const { query, isOld } = useConfiguration(input);
  const configuration = query.isError ? undefined : query.data;
  const change = (next: Choice) => {
    setShown(null);
    setChoice(next);
  };
  useTitle(offer.name);
  const marks = new Map((shown?.changes ?? []).map((one) => [placeKey(one), one.units]));
  return (
    <div className="wrap page configurator">
      <nav className="breadcrumbs" aria-label={t("nav.breadcrumbs")}>
        <ol><li><Link to="/">{t("nav.home")}</Link></li><li><Link to="/offers">{t("bundle.offers")}</Link></li></ol>
      </nav>
      <h1>{offer.name}</h1>
      <div className="two-columns">
        <div className="configurator-main">
          <Terms offer={offer} term={choice.term} onChange={(term) => change({ ...choice, term })} />
          <Groups offer={offer} choice={choice} configuration={configuration} marks={marks} onChange={change} />
          <AddressEntry text={t("bundle.addressText")} />
        </div>
        <Summary offer={offer} configuration={configuration} isOld={isOld} error={query.error} onRetry={() => void query.refetch()}
          input={input} bundleId={bundleId} shown={shown} onShow={setShown} />
      </div>
      {configuration && configuration.lines.length > 0 && <Cost configuration={configuration} term={choice.term} isOld={isOld} />}
    </div>
  );
}

function Terms({ offer, term, onChange }: { offer: Offer; term: number; onChange: (term: number) => void }) {
  const { t } = useTranslation();
  if (offer.terms.length < 2) return null;
  return (
    <fieldset className="choice bundle-terms">
      <legend>{t("bundle.term")}</legend>
      <div className="choice-segments">
        {offer.terms.map((months) => (
          <label key={months} className="option">
            <input type="radio" name="term" checked={months === term} onChange={() => onChange(months)} />
            <span className="segment">{months === 0 ? t("bundle.noTerm") : t("bundle.months", { count: months })}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
