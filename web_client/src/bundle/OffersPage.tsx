/** Everything that is sold as a device with a plan. */

import { useMoney } from "@shared/useMoney";
import { Button, Skeleton } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorNote } from "../ui/ErrorNote";
import { useTitle } from "../ui/Layout";
import type { Offer } from "@shared/bundle/choice";
import { useOffers } from "./useBundles";

export function OffersPage() {
  const { t } = useTranslation();
  const { offers, query } = useOffers();
  useTitle(t("bundle.offers"));
  return (
    <div className="wrap page">
      <h1>{t("bundle.offers")}</h1>
      <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <div className="offers" role="status" aria-label={t("common.loading")}>{[1, 2].map((row) => <Skeleton key={row} height={168} radius="lg" />)}</div>}
      {query.isSuccess && !offers.length && (
        <div className="empty">
          <p>{t("bundle.none")}</p>
          <Button component={Link} to="/search">{t("nav.all")}</Button>
        </div>
      )}
      <ul className="offers">
        {offers.map((offer) => <OfferCard key={offer.code} offer={offer} />)}
      </ul>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("results.more")}</Button>}
    </div>
  );
}

function OfferCard({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { monthly, dueToday, totalOverTerm, term } = offer.monthlyPriceFrom;
  return (
    <li className="panel offer-card">
      <h2><Link to={`/offers/${encodeURIComponent(offer.code)}`}>{offer.name}</Link></h2>
      <p className="offer-groups">{offer.groups.filter(({ options }) => options.length > 0).map(({ label }) => label).join(" · ")}</p>
      <p className="offer-price"><strong>{t("product.from", { price: money(monthly) })}</strong> {t("product.perMonth")}</p>
      <p className="dimmed">{t(term ? "bundle.terms" : "bundle.today", { price: money(dueToday), today: money(dueToday), total: money(totalOverTerm) })} · {term ? t("bundle.months", { count: term }) : t("bundle.noTerm")}</p>
      <IconArrowRight size={24} aria-hidden />
    </li>
  );
}
