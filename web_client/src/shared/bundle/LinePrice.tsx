import { isPositive } from "@shared/money";
import { useMoney } from "@shared/useMoney";
import { useTranslation } from "react-i18next";
import type { PriceLine } from "./prices";

/** What one part costs: today, each month, and in instalments; "included" when nothing. */
export function LinePrice({ line }: { line: Pick<PriceLine, "oneTime" | "recurring" | "instalment" | "instalmentMonths"> }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { oneTime, recurring, instalment, instalmentMonths } = line;
  const parts = [
    isPositive(recurring) && t("bundle.aMonth", { price: money(recurring) }),
    instalment && isPositive(instalment) && t("bundle.instalments", { price: money(instalment), months: instalmentMonths }),
    isPositive(oneTime) && t("bundle.once", { price: money(oneTime) }),
  ].filter(Boolean);
  return <span className="line-price">{parts.length ? parts.join(" + ") : t("bundle.included")}</span>;
}
