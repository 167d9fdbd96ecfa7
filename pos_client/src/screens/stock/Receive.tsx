/** Receiving: the deliveries that the store expects, one of them counted against its notice, or one that nobody announced. */

import { Button, TextInput } from "@mantine/core";
import { IconPackageImport, IconPlus, IconRefresh } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { deliveries, oneDelivery, type Delivery, type DeliveryDetail } from "../../app/stock";
import { RequestFailure } from "../../api/client";
import { type Count, differencesOf, type Expected, NOTHING, numbersRight, piecesIn, rowsOf, toInput } from "../../domain/pieces";
import { useClock } from "../../hooks/useClock";
import { useOnline, useStockEntries, useTill } from "../../hooks/useData";
import { keep, useDraft, useKept } from "../../hooks/useKept";
import { goStock, stockRoute } from "../../hooks/useRoute";
import { useStockAct } from "../../hooks/useStockAct";
import { Counting } from "./counting/Counting";
import { Differences } from "./counting/Differences";
import { FinishDialog } from "./counting/FinishDialog";
import { StockFrame } from "./Stock";

const NEW = "new";
/** Deliveries read ahead, so that they can be received while the network is away. */
const READ_AHEAD = 12;
const ENTRIES_LOOKED_AT = 200;

const subjectOf = (id: string) => `delivery:${id}`;
const keyOf = (storeId: string, id: string) => `delivery/${storeId}/${id}`;

export function Receive({ id }: { id: string | null }) {
  if (id === NEW) return <Unannounced />;
  return id ? <One key={id} id={id} /> : <List />;
}

function List() {
  const { t } = useTranslation();
  const { session } = useTill();
  const { moment } = useClock();
  const online = useOnline();
  const storeId = session.store.id;
  const { value, problem, asOf, again } = useKept(`deliveries/${storeId}`, deliveries);
  const entries = useStockEntries(ENTRIES_LOOKED_AT);
  const waiting = new Set(entries?.filter((entry) => entry.state === "waiting").map((entry) => entry.subject));
  useEffect(() => {
    if (asOf === null && value) void readAhead(storeId, value.slice(0, READ_AHEAD));
  }, [asOf, value, storeId]);
  return (
    <StockFrame
      title={t("stock.screen.receive")}
      side={<Button variant="subtle" size="md" leftSection={<IconRefresh size={20} aria-hidden />} disabled={!online} onClick={again}>{t("stock.receive.refresh")}</Button>}
    >
      {problem?.kind === "refused" && <p className="form-error" role="alert">{problem.message}</p>}
      {problem?.kind === "offline" && <p className="quiet-warning" role="status">{asOf ? t("stock.receive.asOf", { moment: moment(asOf) }) : t("stock.receive.offline")}</p>}
      {!value && !problem && <p className="nothing" role="status" aria-busy="true">{t("stock.receive.loading")}</p>}
      {value?.length === 0 && <div className="nothing"><IconPackageImport size={44} stroke={1.2} aria-hidden /><p>{t("stock.receive.none")}</p></div>}
      {value && value.length > 0 && (
        <ul className="stock-rows" aria-label={t("stock.receive.expected")}>
          {value.map((delivery) => <Row key={delivery.id} delivery={delivery} waiting={waiting.has(subjectOf(delivery.id))} />)}
        </ul>
      )}
      <div className="row-end">
        <Button component="a" href={stockRoute("receive", NEW)} variant="default" size="lg" leftSection={<IconPlus size={20} aria-hidden />}>{t("stock.receive.unannounced")}</Button>
      </div>
    </StockFrame>
  );
}

async function readAhead(storeId: string, open: Delivery[]): Promise<void> {
  for (const { id } of open) {
    try {
      await keep(keyOf(storeId, id), await oneDelivery(id));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      return;
    }
  }
}

function Row({ delivery, waiting }: { delivery: Delivery; waiting: boolean }) {
  const { t } = useTranslation();
  const { date } = useDates();
  const late = delivery.expectedOn != null && delivery.expectedOn < new Date().toISOString().slice(0, 10);
  return (
    <li>
      <a className="stock-row stock-link" href={stockRoute("receive", delivery.id)}>
        <span className="stock-row-main">
          <strong>{delivery.supplier}</strong>
          <span className="quiet">{delivery.number} · {t("stock.receive.articles", { count: delivery.lineCount })}</span>
          {delivery.expectedOn && <span className="delivery-due" data-late={late}>{t(late ? "stock.receive.late" : "stock.receive.due", { date: date(delivery.expectedOn) })}</span>}
        </span>
        <span className="delivery-progress">
          <strong>{t("stock.receive.progress", { arrived: delivery.arrived, expected: delivery.expected })}</strong>
          <span className="state" data-status={waiting || delivery.state === "RECEIVING" ? "waiting" : "none"}>{waiting ? t("state.waiting") : t(`stock.receive.state.${delivery.state}`)}</span>
        </span>
      </a>
    </li>
  );
}

/** Days without a time, which no time zone moves. */
export function useDates(): { date: (day: string) => string } {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" });
  return { date: (day) => format.format(new Date(`${day}T00:00:00Z`)) };
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const { moment } = useClock();
  const { value, problem, asOf } = useKept(keyOf(session.store.id, id), () => oneDelivery(id));
  const title = value ? `${value.supplier} ${value.number}` : t("stock.screen.receive");
  return (
    <StockFrame title={title} back="receive">
      {problem?.kind === "refused" && <p className="form-error" role="alert">{problem.message}</p>}
      {problem?.kind === "offline" && <p className="quiet-warning" role="status">{asOf ? t("stock.receive.asOf", { moment: moment(asOf) }) : t("stock.receive.offline")}</p>}
      {!value && !problem && <p className="nothing" role="status" aria-busy="true">{t("stock.receive.loading")}</p>}
      {value && (value.state === "EXPECTED" || value.state === "RECEIVING" ? <Against delivery={value} /> : <Closed delivery={value} />)}
    </StockFrame>
  );
}

function Closed({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-label={t("stock.differences.title")}>
      <h2>{t(`stock.receive.state.${delivery.state}`)}</h2>
      <Differences rows={delivery.differences.map((row) => ({ ...row, key: row.id }))} />
    </section>
  );
}

function expectedOf(delivery: DeliveryDetail): Expected[] {
  return delivery.lines
    .map(({ sku, name, tracked, expected, received, damaged, serials }) => ({ sku, name, tracked, expected: Math.max(0, expected - received - damaged), serials }))
    .filter(({ expected }) => expected > 0);
}

function Against({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation();
  const expected = expectedOf(delivery);
  const [count, setCount] = useDraft<Count>(subjectOf(delivery.id), NOTHING);
  const [finishing, setFinishing] = useState(false);
  const { act, busy, refusal } = useStockAct();
  const pieces = piecesIn(count);
  const right = numbersRight(count);
  const send = async (finish: boolean) => {
    const summary = t(finish ? "stock.receive.finished" : "stock.receive.booked", { number: delivery.number, count: pieces });
    const entry = await act({ operation: "deliveryReceive", facts: { deliveryId: delivery.id, lines: toInput(count), finish }, subject: subjectOf(delivery.id), summary });
    if (!entry) return;
    setCount(null);
    goStock("receive");
  };
  return (
    <>
      <Counting expected={expected} count={count} onChange={setCount} damage numbers paused={finishing || busy} />
      <div className="counting-end">
        {!right && <p className="quiet">{t("stock.receive.numbersFirst")}</p>}
        <Button className="pay" fullWidth disabled={busy || !right} onClick={() => setFinishing(true)}>{t("stock.receive.review", { count: pieces })}</Button>
      </div>
      {finishing && (
        <FinishDialog
          pieces={pieces} differences={differencesOf(rowsOf(expected, count))} busy={busy} refusal={refusal} onClose={() => setFinishing(false)}
          onKeepOpen={() => void send(false)} onFinish={() => void send(true)}
        />
      )}
    </>
  );
}

interface Note { supplier: string; number: string; count: Count }

function Unannounced() {
  const { t } = useTranslation();
  const { session } = useTill();
  const [note, setNote] = useDraft<Note>(`unannounced/${session.store.id}`, { supplier: "", number: "", count: NOTHING });
  const [finishing, setFinishing] = useState(false);
  const { act, busy, refusal } = useStockAct();
  const pieces = piecesIn(note.count);
  const right = numbersRight(note.count);
  const ready = pieces > 0 && right && note.supplier.trim() !== "" && note.number.trim() !== "";
  const send = async () => {
    const { supplier, number, count } = note;
    const summary = t("stock.receive.finished", { number, count: pieces });
    const entry = await act({ operation: "deliveryUnannounced", facts: { supplier, number, lines: toInput(count) }, subject: null, summary });
    if (!entry) return;
    setNote(null);
    goStock("receive");
  };
  return (
    <StockFrame title={t("stock.receive.unannounced")} back="receive">
      <div className="counting-head">
        <TextInput size="md" label={t("stock.receive.supplier")} value={note.supplier} maxLength={100} autoComplete="off" onChange={(event) => setNote({ ...note, supplier: event.currentTarget.value })} />
        <TextInput size="md" label={t("stock.receive.number")} value={note.number} maxLength={64} autoComplete="off" onChange={(event) => setNote({ ...note, number: event.currentTarget.value })} />
      </div>
      <Counting expected={[]} count={note.count} onChange={(count) => setNote({ ...note, count })} damage numbers paused={finishing || busy} />
      <div className="counting-end">
        {!ready && <p className="quiet">{t(right ? "stock.receive.noteFirst" : "stock.receive.numbersFirst")}</p>}
        <Button className="pay" fullWidth disabled={busy || !ready} onClick={() => setFinishing(true)}>{t("stock.receive.review", { count: pieces })}</Button>
      </div>
      {finishing && (
        <FinishDialog
          pieces={pieces} differences={differencesOf(rowsOf([], note.count), true)} busy={busy} refusal={refusal} onClose={() => setFinishing(false)}
          onKeepOpen={null} onFinish={() => void send()}
        />
      )}
    </StockFrame>
  );
}
