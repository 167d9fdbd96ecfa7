/** Differences in words and colour: those that would be written down, and those that were. */

import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Difference } from "../../../domain/pieces";

export interface ShownDifference {
  key: string;
  kind: Difference;
  name: string;
  quantity: number;
  serial?: string | null;
  note?: string | null;
  /** How it was settled. */
  settlement?: string | null;
}

const STATUS: Record<Difference, string> = { SHORT: "settle", OVER: "waiting", DAMAGED: "attention", NOT_ANNOUNCED: "waiting" };

export function Differences({ rows, onOpen }: { rows: readonly ShownDifference[]; onOpen?: (key: string) => void }) {
  const { t } = useTranslation();
  if (rows.length === 0) return <p className="differences-none"><IconCheck size={22} aria-hidden />{t("stock.differences.none")}</p>;
  return (
    <ul className="stock-rows" aria-label={t("stock.differences.title")}>
      {rows.map((row) => (
        <li className="stock-row" key={row.key}>
          <span className="stock-row-main">
            <strong>{t("stock.differences.pieces", { count: row.quantity, name: row.name })}</strong>
            {(row.serial || row.note) && <span className="quiet"><bdi>{row.serial}</bdi>{row.serial && row.note ? " · " : ""}{row.note !== row.serial && row.note}</span>}
          </span>
          <span className="difference-words">
            <span className="state" data-status={STATUS[row.kind]}>{t(`stock.differences.kind.${row.kind}`)}</span>
            {row.settlement && <span className="state" data-status="recorded">{t(`stock.differences.settled.${row.settlement}`)}</span>}
            {onOpen && !row.settlement && row.kind === "SHORT" && <button type="button" className="link-button" onClick={() => onOpen(row.key)}>{t("stock.differences.settle")}</button>}
          </span>
        </li>
      ))}
    </ul>
  );
}
