/** What was ordered, on paper: each bundle with its plan by the month, its days and its first bill. */

import { FirstBillNote } from "@shared/bundle/Sums";
import { byBundle } from "@shared/bundle/prices";
import { isPositive } from "@shared/money";
import { formatDate } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";
import type { Ordered } from "../app/offers";
import { PaperHead } from "./Paper";

/** The order by itself, before anything is paid. */
export function OrderPaper({ ordered, buyer }: { ordered: Ordered; buyer: string }) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <article className="receipt" aria-label={t("ordered.title")}>
      <PaperHead />
      {buyer && <p>{buyer}</p>}
      <OrderedOnPaper ordered={ordered} />
      <dl>
        <div className="grand"><dt>{t("bundle.dueToday")}</dt><dd>{money(ordered.total)}</dd></div>
      </dl>
      <footer>
        <QRCodeSVG value={ordered.number} size={84} aria-hidden />
        <p>{t("receipt.number", { number: ordered.number })}</p>
        <p>{t("receipt.thanks")}</p>
      </footer>
    </article>
  );
}

export function OrderedOnPaper({ ordered }: { ordered: Ordered }) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  return (
    <>
      <ul>
        {byBundle(ordered.lines).flatMap(({ bundleId, lines }) => [
          ...ordered.bundles.filter(({ id }) => id === bundleId).map((bundle) => <Bundle key={bundle.id} bundle={bundle} />),
          ...lines.map((line) => (
            <li key={line.id}>
              <span className="receipt-line"><span>{line.quantity > 1 && `${line.quantity} × `}{line.name}</span>{(isPositive(line.total) || !bundleId) && <span>{money(line.total)}</span>}</span>
              {line.availableFrom && <small>{t("ordered.from", { day: formatDate(line.availableFrom, i18n.language) })}</small>}
              {line.serials.map((serial) => <small key={serial}>{t("receipt.serial", { serial })}</small>)}
            </li>
          )),
        ])}
      </ul>
      <dl>
        {isPositive(ordered.monthly) && <div><dt>{t("bundle.monthly")}</dt><dd>{money(ordered.monthly)}</dd></div>}
        {ordered.promiseDate && <div><dt>{t("bundle.allWorks")}</dt><dd>{t("ordered.from", { day: formatDate(ordered.promiseDate, i18n.language) })}</dd></div>}
      </dl>
    </>
  );
}

function Bundle({ bundle }: { bundle: Ordered["bundles"][number] }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { name, term, monthly, firstBill } = bundle;
  return (
    <li className="receipt-bundle">
      <strong>{name}</strong>
      <small>{t("bundle.aMonth", { price: money(monthly) })}, {term ? t("bundle.months", { count: term }) : t("bundle.noTerm")}</small>
      <span className="receipt-line"><span>{t("bundle.firstBill")}</span><span>{money(firstBill.total)}</span></span>
      <FirstBillNote date={firstBill.date} days={firstBill.days} of={firstBill.ofDays} />
    </li>
  );
}
