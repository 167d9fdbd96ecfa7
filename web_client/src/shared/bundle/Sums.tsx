/** What a choice costs in all: every month, today, on the first bill, over the term; from when all of it works, and until when that holds. */

import { DateChip } from "@shared/DateChip";
import { formatDate, formatMoment } from "@shared/time";
import { useMoney } from "@shared/useMoney";
import { useTranslation } from "react-i18next";
import { type Configuration, differences, phasesOf } from "./prices";

interface SumsProps {
  configuration: Configuration;
  term: number;
  isOld: boolean;
}

export function Sums({ configuration, term, isOld }: SumsProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const later = phasesOf(configuration, term).slice(1);
  return (
    <dl className={isOld ? "totals totals-old" : "totals"}>
      <div className="totals-row totals-strong"><dt>{t("bundle.monthly")}</dt><dd>{money(configuration.monthly)}</dd></div>
      {later.map(({ from, monthly }) => <div key={from} className="totals-row"><dt>{t("bundle.fromMonth", { month: from })}</dt><dd>{money(monthly)}</dd></div>)}
      <div className="totals-row"><dt>{t("bundle.dueToday")}</dt><dd>{money(configuration.dueToday)}</dd></div>
      <div className="totals-row"><dt>{t("bundle.firstBill")}<FirstBillNote date={configuration.firstBillDate} days={configuration.firstBillDays} of={configuration.firstBillOfDays} /></dt><dd>{money(configuration.firstBill)}</dd></div>
      {term > 0 && <div className="totals-row"><dt>{t("bundle.overTerm", { count: term })}</dt><dd>{money(configuration.totalOverTerm)}</dd></div>}
      {configuration.promiseDate && <div className="totals-row"><dt>{t("bundle.allWorks")}</dt><dd><DateChip day={configuration.promiseDate} /></dd></div>}
    </dl>
  );
}

/** When the first bill comes, and of how many days its first period is: `days` of the `of` that it has. */
export function FirstBillNote({ date, days, of }: { date: string; days: number; of: number }) {
  const { t, i18n } = useTranslation();
  const shown = formatDate(date, i18n.language);
  return <small>{days < of ? t("bundle.firstBillPart", { date: shown, days, of }) : t("bundle.firstBillWhole", { date: shown })}</small>;
}

interface HoldsProps {
  until: string;
  isOver: boolean;
  /** The same choice as it was priced before, to tell the difference. */
  before: Configuration | undefined;
  now: Configuration;
  onAskAgain: () => void;
}

/** Until when prices and dates hold; after that the way to ask again; and what is another than it was. */
export function Holds({ until, isOver, before, now, onAskAgain }: HoldsProps) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const changed = before ? differences(before, now) : [];
  return (
    <div className="bundle-holds" role="status">
      {isOver
        ? <p>{t("bundle.heldUntil")} <button type="button" className="link-button" onClick={onAskAgain}>{t("bundle.askAgain")}</button></p>
        : <p>{t("bundle.holdsUntil", { moment: formatMoment(until, i18n.language) })}</p>}
      {changed.map((one) => <p key={one.name} className="bundle-changed">{t(`bundle.changed.${one.name}`, { before: money(one.before), now: money(one.now) })}</p>)}
    </div>
  );
}
