/** The last sales of this register and how far each has come. */

import { Button } from "@mantine/core";
import { IconPrinter, IconReceipt, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { delivery } from "../app/till";
import { useMoney } from "../components/Amount";
import { EsimButton, useEsims } from "../components/EsimCodes";
import { Printed } from "../components/Paper";
import { ReceiptPaper } from "../components/Receipt";
import { SaleProblems } from "../components/SaleProblems";
import { SaleState, statusOf } from "../components/SaleState";
import { useClock } from "../hooks/useClock";
import { useSale, useSales } from "../hooks/useData";
import { go, routeTo } from "../hooks/useRoute";
import type { SaleEntry } from "../store/db";

const SHOWN = 200;
const FILTERS = ["all", "waiting", "attention"] as const;
type Filter = (typeof FILTERS)[number];

function passes(sale: SaleEntry, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "waiting") return sale.state === "waiting";
  const status = statusOf(sale);
  return status === "attention" || status === "settle" || status === "troubled";
}

export function Sales({ openId }: { openId: string | null }) {
  const { t } = useTranslation();
  const sales = useSales(SHOWN);
  const [filter, setFilter] = useState<Filter>("all");
  const open = useSale(openId);
  if (!sales) return null;
  const shown = sales.filter((sale) => passes(sale, filter));
  return (
    <div className="split" data-open={open ? "detail" : "list"}>
      <section className="split-list" aria-label={t("sales.title")}>
        <header className="split-head">
          <h1>{t("sales.title")}</h1>
          <div className="chips" role="group" aria-label={t("sales.filter")}>
            {FILTERS.map((name) => (
              <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
                {t(`sales.${name}`)} <span className="count">{sales.filter((sale) => passes(sale, name)).length}</span>
              </button>
            ))}
          </div>
        </header>
        {shown.length === 0
          ? <div className="nothing"><IconReceipt size={44} stroke={1.2} aria-hidden /><p>{t(sales.length === 0 ? "sales.none" : "sales.noneHere")}</p></div>
          : <ul className="rows">{shown.map((sale) => <Row key={sale.clientId} sale={sale} open={sale.clientId === openId} />)}</ul>}
      </section>
      <section className="split-detail" aria-label={t("sales.detail")}>
        {open ? <Detail sale={open} /> : <div className="nothing"><p>{t("sales.choose")}</p></div>}
      </section>
    </div>
  );
}

function Row({ sale, open }: { sale: SaleEntry; open: boolean }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const money = useMoney(sale.currency);
  const [first, ...others] = sale.receipt.lines;
  const what = first ? first.name : t("receipt.payment", { number: sale.receipt.paidOrder ?? "" });
  return (
    <li>
      <a className="row" href={routeTo("sales", sale.clientId)} aria-current={open}>
        <span className="row-main"><strong>{what}</strong>{others.length > 0 && <span>{t("sales.others", { count: others.length })}</span>}</span>
        <span className="row-amount">{money(sale.receipt.total)}</span>
        <span className="row-sub">{moment(sale.occurredAt)}{sale.order && ` · ${sale.order.number}`}</span>
        <SaleState entry={sale} />
      </a>
    </li>
  );
}

function Detail({ sale }: { sale: SaleEntry }) {
  const { t } = useTranslation();
  const esims = useEsims(sale);
  return (
    <div className="detail">
      <div className="detail-bar">
        <Button variant="subtle" size="md" className="only-narrow" onClick={() => go("sales")}>{t("action.back")}</Button>
        <SaleState entry={sale} />
        <span className="spacer" />
        {sale.state !== "recorded" && (
          <Button variant="light" size="md" leftSection={<IconRefresh size={20} aria-hidden />} onClick={() => void delivery.retry(sale.seq)}>{t("sales.sendAgain")}</Button>
        )}
        <EsimButton sale={sale} esims={esims} size="md" />
        <Button variant="default" size="md" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>{t("receipt.print")}</Button>
      </div>
      <SaleProblems entry={sale} />
      <div className="detail-paper"><ReceiptPaper sale={sale} esims={esims.codes} /></div>
      <Printed><ReceiptPaper sale={sale} esims={esims.codes} /></Printed>
    </div>
  );
}
