/** How many units this store has, in words and colour. */

import { useTranslation } from "react-i18next";

/** Plans and services are no goods: nothing of them lies in a store. */
export function isGoods(kind: string): boolean {
  return kind !== "PLAN" && kind !== "SERVICE";
}

export function Stock({ item, quantity }: { item: { kind: string }; quantity: number }) {
  const { t } = useTranslation();
  if (!isGoods(item.kind)) return <span className="stock" data-level="service">{t("stock.service")}</span>;
  const level = quantity <= 0 ? "none" : quantity <= 2 ? "low" : "good";
  return <span className="stock" data-level={level}>{t("stock.here", { count: Math.max(0, quantity) })}</span>;
}
