/** The counts of the store: what is to be counted, how far it is, and what waits for a manager. */

import { Button } from "@mantine/core";
import { IconClipboardList } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { openCounts, type Count, type Part } from "../../app/counts";
import { Dialog } from "../../components/Dialog";
import { useClock } from "../../hooks/useClock";
import { useOnline, useTill } from "../../hooks/useData";
import { subjectOf } from "../../hooks/useCounting";
import { LIVE_MS, useKept } from "../../hooks/useKept";
import { goStock, stockRoute } from "../../hooks/useRoute";
import { useStockAct } from "../../hooks/useStockAct";
import { AsOf } from "./AsOf";
import { CountPart } from "./CountPart";
import { CountReview } from "./CountReview";
import { OpenCount } from "./counting/OpenCount";
import { mayWithStock } from "./screens";
import { StockFrame } from "./Stock";

/** `id` is a count, or a count and one of its parts: "<count>.<part>". */
export function Counts({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const list = useKept<Count[]>(`counts:${session.store.id}`, openCounts, LIVE_MS);
  const [countId, partId] = id?.split(".") ?? [];
  const count = list.value?.find((one) => one.id === countId);
  const part = count?.parts.find((one) => one.id === partId);
  if (count && part) return <CountPart key={`${part.id}.${part.round}`} count={count} part={part} onChanged={list.again} />;
  if (count) return <Parts count={count} onChanged={list.again} />;
  return (
    <StockFrame title={t("stock.screen.counts")} side={<OpenCount onOpened={list.again} />}>
      <AsOf {...list} />
      {list.value?.length === 0 && <div className="nothing"><IconClipboardList size={44} stroke={1.2} aria-hidden /><p>{t("stock.counts.none")}</p></div>}
      {list.value && list.value.length > 0 && (
        <ul className="stock-rows">{list.value.map((one) => <CountRow key={one.id} count={one} />)}</ul>
      )}
    </StockFrame>
  );
}

function CountRow({ count }: { count: Count }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  return (
    <li>
      <a className="stock-row count-row" href={stockRoute("counts", count.parts.length === 1 && count.parts[0] && isToCount(count.parts[0]) ? `${count.id}.${count.parts[0].id}` : count.id)}>
        <div className="stock-row-main">
          <strong>{count.name}</strong>
          <span className="quiet">{t(`stock.counts.type.${count.type}`)} · {moment(count.openedAt)}{count.blind ? ` · ${t("stock.counts.blind")}` : ""}</span>
        </div>
        <span className="state" data-status={count.state === "COUNTED" || count.state === "RECOUNT" ? "settle" : "waiting"}>{t(`stock.counts.state.${count.state}`)}</span>
        <Progress lines={count.lines} counted={count.counted} />
      </a>
    </li>
  );
}

export function isToCount(part: Part): boolean {
  return part.state !== "COUNTED";
}

export function Progress({ lines, counted }: { lines: number; counted: number }) {
  const { t } = useTranslation();
  const label = t("stock.counts.progress", { counted, lines });
  return (
    <div className="count-progress">
      <progress max={Math.max(lines, 1)} value={counted} aria-label={label} />
      <span className="quiet">{label}</span>
    </div>
  );
}

export function useRoomName(): (room: { room?: string; name?: string; roomKind?: string; kind?: string }) => string {
  const { t } = useTranslation();
  return ({ room, name, roomKind, kind }) => room || name || t(`stock.room.${roomKind ?? kind ?? "FLOOR"}`);
}

function Parts({ count, onChanged }: { count: Count; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const roomName = useRoomName();
  const reviews = mayWithStock(session, "authorise");
  return (
    <StockFrame title={count.name} back="counts" side={reviews && <CancelCount count={count} onDone={onChanged} />}>
      <Progress lines={count.lines} counted={count.counted} />
      <ul className="stock-rows">
        {count.parts.map((part) => (
          <li key={part.id}>
            <a className="stock-row count-row" href={stockRoute("counts", `${count.id}.${part.id}`)}>
              <div className="stock-row-main"><strong>{roomName(part)}</strong>{part.category && <span className="quiet">{part.category}</span>}</div>
              <span className="state" data-status={part.state === "COUNTED" ? "recorded" : part.state === "RECOUNT" ? "settle" : "waiting"}>{t(`stock.counts.state.${part.state}`)}</span>
              <Progress lines={part.lines} counted={part.counted} />
            </a>
          </li>
        ))}
      </ul>
      {count.state === "COUNTED" && (reviews ? <CountReview count={count} onChanged={onChanged} /> : <p className="quiet" role="status">{t("stock.counts.waitsForManager")}</p>)}
    </StockFrame>
  );
}

function CancelCount({ count, onDone }: { count: Count; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const online = useOnline();
  const { busy, refusal, act } = useStockAct();
  const [open, setOpen] = useState(false);
  const cancel = async () => {
    if (!(await act({ operation: "countCancel", facts: { countId: count.id }, subject: subjectOf(count.id), summary: t("stock.counts.cancel.done", { name: count.name }) }))) return;
    await onDone();
    goStock("counts");
  };
  return (
    <>
      <Button variant="subtle" color="red" size="md" disabled={!online} onClick={() => setOpen(true)}>{t("stock.counts.cancel.action")}</Button>
      {open && (
        <Dialog title={t("stock.counts.cancel.title", { name: count.name })} onClose={() => setOpen(false)}>
          <div className="stack">
            <p>{t("stock.counts.cancel.lead")}</p>
            {refusal && <p className="form-error" role="alert">{refusal}</p>}
            <div className="row-end">
              <Button variant="default" size="lg" onClick={() => setOpen(false)}>{t("action.back")}</Button>
              <Button color="red" size="lg" loading={busy} onClick={() => void cancel()}>{t("stock.counts.cancel.action")}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
