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

export function SummaryLines({ lines }: { lines: readonly SummaryLine[] }) {
  const { t } = useTranslation();
  return (
    <ul className="summary-lines">
      {byBundle(lines).map(({ bundleId, lines: part }) =>
        bundleId ? (
          <li key={bundleId} className="summary-bundle">
            <strong>{t("bundle.one")}</strong>
            <ul>{part.map((line) => <Line key={line.id} line={line} />)}</ul>
          </li>
        ) : (
          part.map((line) => <Line key={line.id} line={line} />)
        ),
      )}
    </ul>
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
