/** The receipt, on screen and on paper (72 mm roll). */

import { QRCodeSVG } from "qrcode.react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { useClock } from "../hooks/useClock";
import { useTill } from "../hooks/useData";
import type { SaleEntry } from "../store/db";
import { useMoney } from "./Amount";
import { type EsimCode, EsimOnPaper } from "./EsimCodes";
import { TotalRows } from "./TotalRows";

export function ReceiptPaper({ sale, esims }: { sale: SaleEntry; esims: EsimCode[] }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const { full } = useClock();
  const money = useMoney(sale.currency);
  const { receipt } = sale;
  const { store } = session;
  return (
    <article className="receipt" aria-label={t("receipt.title")}>
      <header>
        <h2>{store.name}</h2>
        <p>{store.streetAddress}<br />{store.city} {store.postalCode}{store.phone && <><br />{store.phone}</>}</p>
      </header>
      <p className="receipt-meta"><span>{full(sale.occurredAt)}</span><span>{t("receipt.servedBy", { name: receipt.staffName })}</span></p>
      {receipt.customerName && <p>{receipt.customerName}</p>}
      {receipt.paidOrder && <p className="receipt-order">{t("receipt.payment", { number: receipt.paidOrder })}</p>}
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

/** Puts the receipt where the printer finds it: beside the page, seen on paper alone. */
export function PrintReceipt({ sale, esims }: { sale: SaleEntry; esims: EsimCode[] }) {
  return createPortal(<div className="print-only"><ReceiptPaper sale={sale} esims={esims} /></div>, document.body);
}
