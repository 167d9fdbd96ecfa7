/** Adjusting stock: scan what it is, say why and how many; a manager decides what is beyond the reason's threshold. */

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconAdjustments, IconBarcode, IconCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { adjustmentOptions, recentAdjustments, type Adjustment, type Options } from "../../app/counts";
import { notify } from "../../components/Notices";
import { normaliseSerial, serialKindOf, serialProblem } from "../../domain/codes";
import { meaningOf } from "../../domain/counting";
import { useClock } from "../../hooks/useClock";
import { useOnline, useTill } from "../../hooks/useData";
import { LIVE_MS, useKept } from "../../hooks/useKept";
import { useScanner } from "../../hooks/useScanner";
import { useStockAct } from "../../hooks/useStockAct";
import { ArticleBox } from "./ArticleBox";
import { AsOf } from "./AsOf";
import { useRoomName } from "./Counts";
import { mayWithStock } from "./screens";
import { StockFrame } from "./Stock";

export function Adjust({ id: _id }: { id: string | null }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const options = useKept<Options>(`adjustmentOptions:${session.store.id}`, adjustmentOptions, 300_000);
  const recent = useKept<Adjustment[]>(`adjustments:${session.store.id}`, recentAdjustments, LIVE_MS);
  return (
    <StockFrame title={t("stock.screen.adjust")}>
      <AsOf {...options} />
      <div className="adjusting">
        {options.value && <Form options={options.value} onDone={recent.again} />}
        <section className="stack" aria-label={t("stock.adjust.recent")}>
          <h2>{t("stock.adjust.recent")}</h2>
          {recent.problem?.kind === "refused" && <p className="form-error" role="alert">{recent.problem.message}</p>}
          {recent.value?.length === 0 && <div className="nothing"><IconAdjustments size={44} stroke={1.2} aria-hidden /><p>{t("stock.adjust.none")}</p></div>}
          {recent.value && recent.value.length > 0 && (
            <ul className="stock-rows">{recent.value.map((one) => <Row key={one.id} one={one} onDecided={recent.again} />)}</ul>
          )}
        </section>
      </div>
    </StockFrame>
  );
}

function Form({ options, onDone }: { options: Options; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const roomName = useRoomName();
  const { busy, refusal, act } = useStockAct();
  const [sku, setSku] = useState<string | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [quantity, setQuantity] = useState("1");
  const [serials, setSerials] = useState<string[]>([]);
  const [roomId, setRoomId] = useState<string | null>(options.rooms[0]?.id ?? null);
  const [note, setNote] = useState("");
  const item = sku === null ? undefined : index.item(sku);
  const reason = options.reasons.find((one) => one.code === code);
  const pieces = item?.serialised ? serials.length : Number(quantity);
  const waits = reason?.approvalFrom != null && pieces >= reason.approvalFrom;
  const choose = (chosen: string) => { setSku(chosen); setSerials([]); setQuantity("1"); };
  const trackingOf = (one: string) => {
    const found = index.item(one);
    return found?.serialised ? serialKindOf(found.kind) : "NONE";
  };
  const take = (text: string) => {
    const meaning = meaningOf(text, sku, { findSku: (scanned) => index.findCode(scanned)?.sku, trackingOf });
    if (meaning.type === "piece" && meaning.sku === sku) setQuantity(String(Number(quantity) + 1));
    else if (meaning.type === "piece" || meaning.type === "choose") choose(meaning.sku);
    else if (meaning.type === "serial") setSerials((before) => (before.includes(meaning.serial) ? before : [...before, meaning.serial]));
    else if (item?.serialised && serialProblem(normaliseSerial(text), serialKindOf(item.kind)) !== null) notify("bad", t("stock.adjust.wrongSerial", { code: text }));
    else notify("warning", meaning.type === "ask" ? t("stock.counts.articleFirst", { serial: meaning.serial }) : t("scan.unknown", { code: text }));
  };
  useScanner(take);
  const ready = item !== undefined && reason !== undefined && Number.isInteger(pieces) && pieces > 0;
  const submit = async () => {
    if (!ready || sku === null) return;
    const facts = { reason: reason.code, sku, quantity: pieces, serials: item.serialised ? serials : [], roomId, note: note.trim() };
    const summary = t("stock.adjust.done", { reason: reason.name, count: pieces, name: item.name });
    if (!(await act({ operation: "adjust", facts, subject: null, summary }))) return;
    setSku(null);
    setSerials([]);
    setQuantity("1");
    setNote("");
    await onDone();
  };
  return (
    <form className="card stack" aria-label={t("stock.screen.adjust")} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      {item
        ? (
          <div className="counting-current">
            <div><h2>{item.name}</h2><p className="quiet">{item.sku}</p></div>
            <Button variant="subtle" size="md" onClick={() => setSku(null)}>{t("stock.adjust.other")}</Button>
          </div>
        )
        : <ArticleBox onChoose={choose} onCode={take} />}
      <NativeSelect
        size="lg" label={t("stock.adjust.reason")} value={code ?? ""} onChange={(event) => setCode(event.currentTarget.value || null)}
        data={[{ value: "", label: t("stock.adjust.chooseReason") }, ...options.reasons.map((one) => ({ value: one.code, label: one.name }))]}
      />
      <NativeSelect
        size="lg" label={t(reason?.direction === "IN" ? "stock.adjust.roomInto" : "stock.adjust.room")} value={roomId ?? ""} onChange={(event) => setRoomId(event.currentTarget.value)}
        data={options.rooms.map((room) => ({ value: room.id, label: roomName(room) }))}
      />
      {item?.serialised
        ? <Numbers serials={serials} onAdd={take} onDrop={(serial) => setSerials(serials.filter((one) => one !== serial))} />
        : (
          <TextInput
            size="lg" label={t("stock.adjust.quantity")} inputMode="numeric" pattern="[0-9]*" maxLength={6} value={quantity}
            onChange={(event) => setQuantity(event.currentTarget.value.replace(/\D/g, ""))}
          />
        )}
      <TextInput size="lg" label={t("stock.adjust.note")} maxLength={200} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      {waits && <p className="quiet-warning" role="status">{t("stock.adjust.waits", { count: reason.approvalFrom ?? 0 })}</p>}
      {refusal && <p className="form-error" role="alert">{refusal}</p>}
      <Button type="submit" size="xl" loading={busy} disabled={!ready}>{t(waits ? "stock.adjust.ask" : "stock.adjust.submit")}</Button>
    </form>
  );
}

export function Numbers({ serials, onAdd, onDrop }: { serials: string[]; onAdd: (code: string) => void; onDrop: (serial: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const add = () => {
    if (text.trim()) onAdd(text.trim());
    setText("");
  };
  return (
    <div className="stack">
      <TextInput
        size="lg" label={t("stock.counts.serialLabel")} value={text} maxLength={64} autoComplete="off" spellCheck={false} leftSection={<IconBarcode size={22} aria-hidden />}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }}
      />
      {text.trim() !== "" && <Button variant="default" size="lg" onClick={add}>{t("stock.counts.addSerial")}</Button>}
      <ul className="counting-serials" aria-label={t("stock.counts.scanned")}>
        {serials.map((serial) => (
          <li key={serial}>{serial}<Button variant="subtle" size="md" aria-label={t("stock.adjust.drop", { serial })} onClick={() => onDrop(serial)}><IconX size={18} aria-hidden /></Button></li>
        ))}
      </ul>
    </div>
  );
}

const STATUS = { PENDING: "settle", BOOKED: "recorded", REJECTED: "attention" } as const;

function Row({ one, onDecided }: { one: Adjustment; onDecided: () => Promise<void> }) {
  const { t } = useTranslation();
  const { index, session } = useTill();
  const { moment } = useClock();
  const online = useOnline();
  const roomName = useRoomName();
  const { busy, refusal, act } = useStockAct();
  const name = index.item(one.sku)?.name ?? one.sku;
  const decide = async (approve: boolean) => {
    const summary = t(approve ? "stock.adjust.approved" : "stock.adjust.rejected", { name });
    if (await act({ operation: "adjustmentDecide", facts: { adjustmentId: one.id, approve }, subject: `adjustment:${one.id}`, summary })) await onDecided();
  };
  const decides = one.state === "PENDING" && mayWithStock(session, "authorise");
  return (
    <li className="stock-row">
      <div className="stock-row-main">
        <strong>{one.quantity} × {name}</strong>
        <span className="quiet">{one.reason} · {roomName(one.room)}{one.toRoom ? ` → ${roomName(one.toRoom)}` : ""} · {moment(one.occurredAt)}</span>
        {one.note && <span>{one.note}</span>}
        {one.serials.length > 0 && <span className="quiet">{one.serials.join(", ")}</span>}
      </div>
      <span className="state" data-status={STATUS[one.state]}>{t(`stock.adjust.state.${one.state}`)}</span>
      {refusal && <p className="form-error problems" role="alert">{refusal}</p>}
      {decides && (one.mine
        ? <p className="quiet row-end">{t("stock.adjust.mine")}</p>
        : (
          <div className="row-end">
            <Button variant="default" size="md" disabled={!online} loading={busy} onClick={() => void decide(false)}>{t("stock.adjust.reject")}</Button>
            <Button size="md" disabled={!online} loading={busy} leftSection={<IconCheck size={20} aria-hidden />} onClick={() => void decide(true)}>{t("stock.adjust.approve")}</Button>
          </div>
        ))}
    </li>
  );
}
