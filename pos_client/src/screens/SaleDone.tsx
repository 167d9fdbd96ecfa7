/** Right after a payment: the change to give, the receipt, and the next sale one key away. */

import { Button } from "@mantine/core";
import { IconCircleCheck, IconPrinter } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMoney } from "../components/Amount";
import { EsimButton, useEsims } from "../components/EsimCodes";
import { Printed } from "../components/Paper";
import { ReceiptPaper } from "../components/Receipt";
import { SaleProblems } from "../components/SaleProblems";
import { SaleState } from "../components/SaleState";
import { useSale } from "../hooks/useData";
import { go } from "../hooks/useRoute";
import type { SaleEntry } from "../store/db";

export function SaleDone({ clientId }: { clientId: string }) {
  const sale = useSale(clientId);
  useEffect(() => {
    if (sale === null) go("sell");
  }, [sale]);
  return sale ? <Done sale={sale} /> : null;
}

function Done({ sale }: { sale: SaleEntry }) {
  const { t } = useTranslation();
  const money = useMoney(sale.currency);
  const esims = useEsims(sale);
  return (
    <div className="done">
      <section className="done-main" aria-live="polite">
        <IconCircleCheck className="done-mark" size={64} stroke={1.4} aria-hidden />
        <h1>{t("done.title")}</h1>
        <div className="done-change"><span>{t("cash.change")}</span><strong>{money(sale.receipt.change)}</strong></div>
        <p className="done-facts">{t("done.facts", { total: money(sale.receipt.total), tendered: money(sale.receipt.tendered) })}</p>
        <p className="done-state"><SaleState entry={sale} /><span>{sale.order ? t("receipt.number", { number: sale.order.number }) : t(`done.${sale.state}`)}</span></p>
        <SaleProblems entry={sale} />
        <div className="done-actions">
          <EsimButton sale={sale} esims={esims} size="xl" />
          <Button size="xl" variant="default" leftSection={<IconPrinter aria-hidden />} onClick={() => window.print()}>{t("receipt.print")}</Button>
          <Button size="xl" autoFocus onClick={() => go("sell")}>{t("done.next")}</Button>
        </div>
      </section>
      <aside className="done-receipt"><ReceiptPaper sale={sale} esims={esims.codes} /></aside>
      <Printed><ReceiptPaper sale={sale} esims={esims.codes} /></Printed>
    </div>
  );
}
