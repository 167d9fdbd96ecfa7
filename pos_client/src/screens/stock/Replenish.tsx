/** What to bring from the back room: the emptiest shelves first, each brought by quantity or by scanning its pieces. */

import { Button, TextInput } from "@mantine/core";
import { IconArrowRight, IconBuildingWarehouse } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { shelfGaps, type Gap } from "../../app/counts";
import { notify } from "../../components/Notices";
import { kindOf, meaningOf } from "../../domain/counting";
import { serialKindOf } from "../../domain/codes";
import { useTill } from "../../hooks/useData";
import { useKept } from "../../hooks/useKept";
import { useScanner } from "../../hooks/useScanner";
import { useStockAct } from "../../hooks/useStockAct";
import { Numbers } from "./Adjust";
import { AsOf } from "./AsOf";
import { useRoomName } from "./Counts";
import { StockFrame } from "./Stock";

export function Replenish({ id: _id }: { id: string | null }) {
  const { t } = useTranslation();
  const { index, session } = useTill();
  const list = useKept<Gap[]>(`gaps:${session.store.id}`, shelfGaps, 30_000);
  const [current, setCurrent] = useState<string | null>(null);
  const [serials, setSerials] = useState<string[]>([]);
  const [extra, setExtra] = useState(0);
  const gaps = list.value ?? [];
  const open = (sku: string | null) => { setCurrent(sku); setSerials([]); setExtra(0); };
  const trackingOf = (sku: string) => {
    const item = index.item(sku);
    return gaps.find((gap) => gap.sku === sku)?.tracking ?? (item?.serialised ? serialKindOf(item.kind) : "NONE");
  };
  const scan = (code: string) => {
    const meaning = meaningOf(code, current, { findSku: (text) => index.findCode(text)?.sku, trackingOf });
    if (meaning.type === "serial") { setSerials((before) => (before.includes(meaning.serial) ? before : [...before, meaning.serial])); return; }
    if (meaning.type === "ask") { notify("warning", t("stock.counts.articleFirst", { serial: meaning.serial })); return; }
    if (meaning.type === "unknown") { notify("bad", t("scan.unknown", { code: meaning.code })); return; }
    if (!gaps.some((gap) => gap.sku === meaning.sku)) { notify("warning", t("stock.replenish.notOnList", { name: index.item(meaning.sku)?.name ?? meaning.sku })); return; }
    if (meaning.sku === current) setExtra(extra + 1);
    else open(meaning.sku);
  };
  useScanner(scan);
  return (
    <StockFrame title={t("stock.screen.replenish")}>
      <AsOf {...list} />
      {list.value?.length === 0 && <div className="nothing"><IconBuildingWarehouse size={44} stroke={1.2} aria-hidden /><p>{t("stock.replenish.none")}</p></div>}
      {gaps.length > 0 && (
        <ul className="stock-rows">
          {gaps.map((gap) => (
            <li key={gap.sku}>
              <button type="button" className="stock-row counting-line" aria-expanded={gap.sku === current} onClick={() => open(gap.sku === current ? null : gap.sku)}>
                <span className="stock-row-main">
                  <strong>{index.item(gap.sku)?.name ?? gap.sku}</strong>
                  <span className="quiet">{gap.sku} · {t("stock.replenish.sold", { count: gap.sold })}</span>
                </span>
                <span className="shelf" data-empty={gap.floor <= 0}>{t("stock.replenish.shelf", { floor: gap.floor, par: gap.par })}</span>
              </button>
              {gap.sku === current && <Bring key={`${gap.sku}.${extra}`} gap={gap} start={extra} serials={serials} onScan={scan} onDrop={(serial) => setSerials(serials.filter((one) => one !== serial))} onDone={async () => { open(null); await list.again(); }} />}
            </li>
          ))}
        </ul>
      )}
    </StockFrame>
  );
}

interface BringProps { gap: Gap; start: number; serials: string[]; onScan: (code: string) => void; onDrop: (serial: string) => void; onDone: () => Promise<void> }

function Bring({ gap, start, serials, onScan, onDrop, onDone }: BringProps) {
  const { t } = useTranslation();
  const { index } = useTill();
  const roomName = useRoomName();
  const { busy, refusal, act } = useStockAct();
  const [from] = gap.reserves;
  const [quantity, setQuantity] = useState(String(start || Math.min(gap.wanted, from?.quantity ?? 0)));
  if (!from) return null;
  const byScan = gap.tracking !== "NONE";
  const pieces = byScan ? serials.length : Number(quantity);
  const name = index.item(gap.sku)?.name ?? gap.sku;
  const bring = async () => {
    const facts = { fromRoomId: from.roomId, lines: [{ sku: gap.sku, quantity: pieces, serials }] };
    const done = await act({ operation: "shelfReplenish", facts, subject: null, summary: t("stock.replenish.done", { count: pieces, name }) });
    if (done) await onDone();
  };
  return (
    <form className="bring" onSubmit={(event) => { event.preventDefault(); if (pieces > 0) void bring(); }}>
      <p className="quiet">{t("stock.replenish.from", { room: roomName({ name: from.room === "BACK" ? "" : from.room, kind: "BACK" }), count: from.quantity })}</p>
      {byScan
        ? <><p>{t("stock.replenish.scan", { kind: t(`serial.label.${kindOf(gap.tracking)}`), count: gap.wanted })}</p><Numbers serials={serials} onAdd={onScan} onDrop={onDrop} /></>
        : <TextInput size="lg" label={t("stock.adjust.quantity")} inputMode="numeric" pattern="[0-9]*" maxLength={6} value={quantity} onChange={(event) => setQuantity(event.currentTarget.value.replace(/\D/g, ""))} />}
      {refusal && <p className="form-error" role="alert">{refusal}</p>}
      <Button type="submit" size="lg" loading={busy} disabled={pieces < 1} rightSection={<IconArrowRight size={20} aria-hidden />}>{t("stock.replenish.submit", { count: pieces })}</Button>
    </form>
  );
}
