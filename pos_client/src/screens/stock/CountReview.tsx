/** For managers: what differs, what to accept, what to have counted again, and posting the count. */

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { countVariances, type Count, type Variance } from "../../app/counts";
import { useOnline, useTill } from "../../hooks/useData";
import { subjectOf } from "../../hooks/useCounting";
import { LIVE_MS, useKept } from "../../hooks/useKept";
import { goStock } from "../../hooks/useRoute";
import { useStockAct } from "../../hooks/useStockAct";
import { AsOf } from "./AsOf";
import { useRoomName } from "./Counts";

export function CountReview({ count, onChanged }: { count: Count; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const online = useOnline();
  const list = useKept<Variance[]>(`variances:${count.id}`, () => countVariances(count.id), LIVE_MS);
  const { busy, refusal, act } = useStockAct();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = list.value ?? [];
  const beyond = rows.filter((row) => !row.withinTolerance);
  const picked = rows.filter((row) => chosen.has(row.lineId));
  const toggle = (lineId: string) => setChosen((before) => {
    const after = new Set(before);
    if (!after.delete(lineId)) after.add(lineId);
    return after;
  });
  const perform = async (operation: string, facts: Record<string, unknown>, summary: string) => {
    const done = await act({ operation, facts: { countId: count.id, ...facts }, subject: subjectOf(count.id), summary });
    if (!done) return;
    await onChanged();
    if (operation === "countAuthorise") goStock("counts");
  };
  return (
    <section className="stack" aria-label={t("stock.counts.review.title")}>
      <h2>{t("stock.counts.review.title")}</h2>
      <AsOf {...list} />
      {list.value?.length === 0 && <p className="quiet"><IconCheck size={18} aria-hidden /> {t("stock.counts.review.none")}</p>}
      {rows.length > 0 && (
        <ul className="stock-rows">
          {rows.map((row) => <Row key={row.lineId} row={row} name={index.item(row.sku)?.name ?? row.sku} chosen={chosen.has(row.lineId)} onToggle={() => toggle(row.lineId)} />)}
        </ul>
      )}
      {refusal && <p className="form-error" role="alert">{refusal}</p>}
      <div className="row-end">
        <Button
          variant="default" size="lg" disabled={!online || picked.length === 0} loading={busy} leftSection={<IconRefresh size={20} aria-hidden />}
          onClick={() => void perform("countRecount", { lineIds: picked.map(({ lineId }) => lineId) }, t("stock.counts.review.recounted", { count: picked.length }))}
        >{t("stock.counts.review.recount", { count: picked.length })}</Button>
        <Button
          size="lg" disabled={!online || list.value === undefined || beyond.some((row) => !chosen.has(row.lineId))} loading={busy} leftSection={<IconCheck size={20} aria-hidden />}
          onClick={() => void perform("countAuthorise", { acceptedLineIds: picked.map(({ lineId }) => lineId) }, t("stock.counts.review.authorised", { name: count.name }))}
        >{t("stock.counts.review.authorise")}</Button>
      </div>
      {beyond.length > 0 && <p className="quiet">{t("stock.counts.review.hint")}</p>}
    </section>
  );
}

function Row({ row, name, chosen, onToggle }: { row: Variance; name: string; chosen: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const roomName = useRoomName();
  const numbers: [string, string[]][] = [["missing", row.missing], ["found", row.found], ["elsewhere", row.elsewhere]];
  return (
    <li className="stock-row variance">
      <label className="variance-pick">
        <input type="checkbox" checked={chosen} onChange={onToggle} />
        <span className="stock-row-main"><strong>{name}</strong><span className="quiet">{row.sku} · {roomName(row)}</span></span>
      </label>
      <span className="variance-sum">
        <span className="quiet">{t("stock.counts.review.numbers", { counted: row.counted, expected: row.expected })}</span>
        <strong data-tone={row.variance < 0 ? "bad" : "good"}>{row.variance > 0 ? `+${row.variance}` : row.variance}</strong>
      </span>
      <div className="variance-notes">
        {row.disturbed && <span className="state" data-status="settle"><IconAlertTriangle size={16} aria-hidden /> {t("stock.counts.review.disturbed")}</span>}
        {!row.withinTolerance && !row.disturbed && <span className="state" data-status="attention">{t("stock.counts.review.beyond")}</span>}
        {numbers.map(([kind, serials]) => serials.length > 0 && <span key={kind}>{t(`stock.counts.review.${kind}`, { serials: serials.join(", ") })}</span>)}
      </div>
    </li>
  );
}
