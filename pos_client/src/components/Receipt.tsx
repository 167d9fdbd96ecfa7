/** The receipt, on screen and on paper (72 mm roll). */

import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";
import { useClock } from "../hooks/useClock";
import type { SaleEntry } from "../store/db";
import { useMoney } from "./Amount";
import { type EsimCode, EsimOnPaper } from "./EsimCodes";
import { OrderedOnPaper } from "./OrderPaper";
import { PaperHead } from "./Paper";
import { TotalRows } from "./TotalRows";

export function ReceiptPaper({ sale, esims }: { sale: SaleEntry; esims: EsimCode[] }) {
  const { t } = useTranslation();
  const { full } = useClock();
  const money = useMoney(sale.currency);
  const { receipt } = sale;
  return (
    <article className="receipt" aria-label={t("receipt.title")}>
      <PaperHead />
      <p className="receipt-meta"><span>{full(sale.occurredAt)}</span><span>{t("receipt.servedBy", { name: receipt.staffName })}</span></p>
      {receipt.customerName && <p>{receipt.customerName}</p>}
      {receipt.paidOrder && <p className="receipt-order">{t("receipt.payment", { number: receipt.paidOrder })}</p>}
      {receipt.ordered && <OrderedOnPaper ordered={receipt.ordered} />}
      {receipt.lines.length > 0 && (
        <ul>
          {receipt.lines.map((line, index) => (
            <li key={index}>
              <span className="receipt-line"><span>{line.name}{line.detail && `, ${line.detail}`}</span><span>{money(line.total)}</span></span>
              {line.quantity > 1 && <small>{line.quantity} × {money(line.unitPrice)}</small>}
              {line.serials.map((serial) => <small key={serial}>{t("receipt.serial", { serial })}</small>)}
            </li>
          ))}
        </ul>
      )}
      <dl>
        {receipt.lines.length > 0
          ? <TotalRows currency={sale.currency} pricesIncludeTax={receipt.pricesIncludeTax ?? false} totals={receipt} />
          : <div className="grand"><dt>{t("ticket.total")}</dt><dd>{money(receipt.total)}</dd></div>}
        <div><dt>{t("receipt.cash")}</dt><dd>{money(receipt.tendered)}</dd></div>
        <div><dt>{t("cash.change")}</dt><dd>{money(receipt.change)}</dd></div>
      </dl>
      <EsimOnPaper codes={esims} />
      <footer>
        <QRCodeSVG value={sale.order?.number ?? sale.clientId} size={84} aria-hidden />
        <p>{sale.order ? t("receipt.number", { number: sale.order.number }) : t("receipt.reference", { reference: sale.clientId })}</p>
        <p>{t("receipt.thanks")}</p>
      </footer>
    </article>
  );
}
