/** What was done with stock on this device, and how far each act has come. */

import { Button } from "@mantine/core";
import { IconPackages, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { delivery } from "../../app/till";
import { SaleProblems } from "../../components/SaleProblems";
import { SaleState } from "../../components/SaleState";
import { useClock } from "../../hooks/useClock";
import { useStockEntries } from "../../hooks/useData";
import { db, needsPerson, type StockEntry } from "../../store/db";
import { dismissStock } from "../../store/stock";
import { StockFrame } from "./Stock";

const SHOWN = 200;

export function Sent() {
  const { t } = useTranslation();
  const entries = useStockEntries(SHOWN);
  if (!entries) return null;
  // What a person has to look at comes first, whenever it happened.
  const ordered = [...entries.filter(needsPerson), ...entries.filter((entry) => !needsPerson(entry))];
  return (
    <StockFrame title={t("stock.screen.sent")}>
      {ordered.length === 0
        ? <div className="nothing"><IconPackages size={44} stroke={1.2} aria-hidden /><p>{t("stock.sent.none")}</p></div>
        : <ul className="stock-rows">{ordered.map((entry) => <Row key={entry.clientId} entry={entry} />)}</ul>}
    </StockFrame>
  );
}

function Row({ entry }: { entry: StockEntry }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const dismissed = entry.state === "attention" && !needsPerson(entry);
  return (
    <li className="stock-row" data-quiet={dismissed}>
      <div className="stock-row-main">
        <strong>{entry.summary}</strong>
        <span className="quiet">{t("stock.sent.by", { moment: moment(entry.occurredAt), name: entry.staffName })}</span>
      </div>
      {dismissed ? <span className="state">{t("stock.sent.dismissed")}</span> : <SaleState entry={entry} />}
      {!dismissed && <SaleProblems entry={entry} />}
      {needsPerson(entry) && (
        <div className="row-end">
          <Button variant="subtle" color="red" size="md" leftSection={<IconTrash size={20} aria-hidden />} onClick={() => void dismissStock(db, entry.clientId)}>{t("stock.sent.dismiss")}</Button>
          <Button variant="light" size="md" leftSection={<IconRefresh size={20} aria-hidden />} onClick={() => void delivery.retry(entry.seq)}>{t("sales.sendAgain")}</Button>
        </div>
      )}
    </li>
  );
}
