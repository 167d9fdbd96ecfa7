/** The lines of a cart or an order in short, those of one bundle together. */

import { DateChip } from "@shared/DateChip";
import { useMoney } from "@shared/useMoney";
import type { Money } from "@shared/money";
import { useTranslation } from "react-i18next";
import { byBundle } from "@shared/bundle/prices";

interface SummaryLine {
  id: string;
  name: string;
  quantity: number;
  total: Money;
  serials?: readonly string[];
  availableFrom?: string | null;
  bundleId?: string | null;
}

interface SummaryBundle {
  id: string;
  name: string;
  monthly: Money;
  promiseDate?: string | null;
}

export function SummaryLines({ lines, bundles }: { lines: readonly SummaryLine[]; bundles: readonly SummaryBundle[] }) {
  return (
    <ul className="summary-lines">
      {byBundle(lines).map(({ bundleId, lines: part }) =>
        bundleId ? (
          <li key={bundleId} className="summary-bundle">
            <Head bundle={bundles.find(({ id }) => id === bundleId)} />
            <ul>{part.map((line) => <Line key={line.id} line={line} />)}</ul>
          </li>
        ) : (
          part.map((line) => <Line key={line.id} line={line} />)
        ),
      )}
    </ul>
  );
}

/** What the bundle is called, what it costs every month, and from when all of it works. */
function Head({ bundle }: { bundle: SummaryBundle | undefined }) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <p className="summary-bundle-head">
      <strong>{bundle?.name ?? t("bundle.one")}</strong>
      {bundle && <span>{t("bundle.aMonth", { price: money(bundle.monthly) })}</span>}
      {bundle?.promiseDate && <span>{t("bundle.allWorks")} <DateChip day={bundle.promiseDate} /></span>}
    </p>
  );
}

function Line({ line }: { line: SummaryLine }) {
  const money = useMoney();
  return (
    <li>
      <span>
        {line.quantity} × {line.name} <DateChip day={line.availableFrom} />
        {!!line.serials?.length && <small>{line.serials.join(", ")}</small>}
      </span>
      <span>{money(line.total)}</span>
    </li>
  );
}
