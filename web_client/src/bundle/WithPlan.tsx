/** On a product's page: the offers that can hold it. */

import { useMoney } from "@shared/useMoney";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOffers } from "./useBundles";

/** Nothing where it is in no offer, or that cannot be told: the product is sold without one too. */
export function WithPlan({ sku }: { sku: string }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { offers } = useOffers(sku);
  if (!offers.length) return null;
  return (
    <nav className="with-plan" aria-label={t("bundle.withPlan")}>
      <h2>{t("bundle.withPlan")}</h2>
      {offers.map(({ code, name, monthlyPriceFrom }) => (
        <Link key={code} to={`/offers/${encodeURIComponent(code)}?sku=${encodeURIComponent(sku)}`}>
          <span><strong>{name}</strong>{t("bundle.fromMonthly", { price: money(monthlyPriceFrom.monthly) })}</span>
          <IconArrowRight size={20} aria-hidden />
        </Link>
      ))}
    </nav>
  );
}
