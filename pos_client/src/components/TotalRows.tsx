/** What a sale comes to: with its tax on top or, where prices include it, with the tax that is in it. */

import { useTranslation } from "react-i18next";
import type { Minor } from "../domain/money";
import { useMoney } from "./Amount";

interface Props {
  currency: string;
  pricesIncludeTax: boolean;
  totals: { subtotal: Minor; tax: Minor; total: Minor };
}

export function TotalRows({ currency, pricesIncludeTax, totals }: Props) {
  const { t } = useTranslation();
  const money = useMoney(currency);
  const tax = <div><dt>{t(pricesIncludeTax ? "ticket.taxIncluded" : "ticket.tax")}</dt><dd>{money(totals.tax)}</dd></div>;
  return (
    <>
      {!pricesIncludeTax && <div><dt>{t("ticket.subtotal")}</dt><dd>{money(totals.subtotal)}</dd></div>}
      {!pricesIncludeTax && tax}
      <div className="grand"><dt>{t("ticket.total")}</dt><dd>{money(totals.total)}</dd></div>
      {pricesIncludeTax && tax}
    </>
  );
}
