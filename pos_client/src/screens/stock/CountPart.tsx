/** Counting: scan a piece, or choose an article and type how many there are. Works without a network. */

import { Button, TextInput } from "@mantine/core";
import { IconBarcode, IconCheck, IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { countLines, type Count, type Line, type Part } from "../../app/counts";
import { lookUp } from "../../app/till";
import { Dialog } from "../../components/Dialog";
import { Keypad } from "../../components/Keypad";
import { notify } from "../../components/Notices";
import { serialKindOf } from "../../domain/codes";
import { inOrder, isCounted, meaningOf, piecesOf, withDigits } from "../../domain/counting";
import { subjectOf, useCounting } from "../../hooks/useCounting";
import { useOnline, useTill } from "../../hooks/useData";
import { useKept } from "../../hooks/useKept";
import { goStock } from "../../hooks/useRoute";
import { useScanner } from "../../hooks/useScanner";
import { useStockAct } from "../../hooks/useStockAct";
import { db, type StockEntry } from "../../store/db";
import { dismissStock } from "../../store/stock";
import { AsOf } from "./AsOf";
import { isToCount, useRoomName } from "./Counts";
import { StockFrame } from "./Stock";

export function CountPart({ count, part, onChanged }: { count: Count; part: Part; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const { index, catalogue, session } = useTill();
  const online = useOnline();
  const roomName = useRoomName();
  const list = useKept<Line[]>(`count:${part.id}.${part.round}`, () => countLines(count.id, part.id), 10_000);
  const { mine, waiting, refused, tell } = useCounting(count, part);
  const [current, setCurrent] = useState<string | null>(null);
  const [digits, setDigits] = useState("");
  const lines = useMemo(() => list.value ?? [], [list.value]);
  const nameOf = (sku: string) => index.item(sku)?.name ?? sku;
  const trackingOf = (sku: string) => lines.find((line) => line.sku === sku)?.tracking ?? trackingByCatalogue(sku);
  const trackingByCatalogue = (sku: string) => {
    const item = index.item(sku);
    return item?.serialised ? serialKindOf(item.kind) : "NONE";
  };
  const pad = useRef<HTMLElement>(null);
  // The keyboard's Enter confirms what is typed, and a phone shows the pad.
  const choose = (sku: string) => { setCurrent(sku); setDigits(""); pad.current?.focus(); };

  const scan = async (code: string) => {
    const meaning = meaningOf(code, current, { findSku: (text) => index.findCode(text)?.sku, trackingOf });
    switch (meaning.type) {
      case "piece":
        choose(meaning.sku);
        await tell({ sku: meaning.sku, quantity: 1 }, nameOf(meaning.sku));
        return;
      case "choose": choose(meaning.sku); return;
      case "serial": await scanned(meaning.sku, meaning.serial); return;
      case "ask": await askFor(meaning.serial); return;
      case "unknown": notify("bad", t("scan.unknown", { code: meaning.code })); return;
    }
  };
  const scanned = async (sku: string, serial: string) => {
    if (mine.get(sku)?.serials.includes(serial)) { notify("warning", t("stock.counts.twice", { serial })); return; }
    await tell({ sku, serials: [serial] }, nameOf(sku));
  };
  /** A serial number before its article: the server knows which it is, if it is known at all. */
  const askFor = async (serial: string) => {
    try {
      const found = online ? await lookUp(catalogue.channel.slug, session.store.id, serial) : null;
      if (!found) { notify("warning", t("stock.counts.articleFirst", { serial })); return; }
      choose(found.sku);
      await scanned(found.sku, serial);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      notify("warning", t("stock.counts.articleFirst", { serial }));
    }
  };
  const open = isToCount(part);
  useScanner((code) => void scan(code), open);

  const confirm = () => {
    const pieces = piecesOf(digits);
    if (current === null || pieces === null) return;
    void tell({ sku: current, quantity: pieces, anew: true }, nameOf(current));
    // On to the next that nobody has counted.
    const next = inOrder(lines, mine, nameOf).find((line) => line.sku !== current && !isCounted(line, mine));
    if (next) choose(next.sku);
    else setDigits("");
  };
  const done = lines.filter((line) => isCounted(line, mine)).length;
  const left = lines.filter((line) => !isCounted(line, mine));
  return (
    <StockFrame title={`${count.name} · ${roomName(part)}`} back="counts" side={open && <Finish count={count} part={part} left={left.length} onDone={onChanged} />}>
      <div className="count-progress count-progress-wide">
        <progress max={Math.max(lines.length, 1)} value={done} aria-label={t("stock.counts.progress", { counted: done, lines: lines.length })} />
        <span role="status">{t("stock.counts.progress", { counted: done, lines: lines.length })}{waiting > 0 ? ` · ${t("stock.counts.waiting", { count: waiting })}` : ""}</span>
      </div>
      <AsOf {...list} />
      {refused.map((entry) => <Refused key={entry.clientId} entry={entry} />)}
      {!open && <p className="quiet-warning" role="status">{t("stock.counts.partDone")}</p>}
      <div className="counting">
        {open && (
          <section ref={pad} tabIndex={-1} className="counting-now card" aria-label={t("stock.counts.now")}>
            {current === null
              ? <div className="counting-hint"><IconBarcode size={40} stroke={1.3} aria-hidden /><p>{t("stock.counts.scanOrChoose")}</p></div>
              : trackingOf(current) === "NONE"
                ? (
                  <>
                    <Current sku={current} name={nameOf(current)} line={lines.find((line) => line.sku === current)} pieces={mine.get(current)?.pieces ?? null} typed={digits} />
                    <Keypad
                      label={t("stock.counts.pieces")} corner="clear" onDigits={(more) => setDigits(withDigits(digits, more))}
                      onBackspace={() => setDigits(digits.slice(0, -1))} onClear={() => setDigits("")} onEnter={confirm}
                    />
                    <Button size="xl" disabled={digits === ""} leftSection={<IconCheck size={24} aria-hidden />} onClick={confirm}>{t("stock.counts.confirm")}</Button>
                  </>
                )
                : (
                  <Serials
                    key={current} name={nameOf(current)} sku={current} mine={mine.get(current)?.serials ?? []} told={mine.has(current)}
                    line={lines.find((line) => line.sku === current)} onSerial={(code) => void scan(code)}
                    onNone={() => void tell({ sku: current, anew: true }, nameOf(current))}
                  />
                )}
          </section>
        )}
        <section className="counting-list" aria-label={t("stock.counts.lines")}>
          {list.value?.length === 0 && <p className="quiet">{t("stock.counts.noLines")}</p>}
          <ul className="stock-rows">
            {inOrder(lines, mine, nameOf).map((line) => {
              const counted = isCounted(line, mine);
              return (
                <li key={line.sku}>
                  <button type="button" className="stock-row counting-line" aria-pressed={line.sku === current} disabled={!open} onClick={() => choose(line.sku)}>
                    <span className="stock-row-main"><strong>{nameOf(line.sku)}</strong><span className="quiet">{line.sku}{line.expected != null ? ` · ${t("stock.counts.expected", { count: line.expected })}` : ""}</span></span>
                    <span className="counting-number" data-done={counted}>
                      {counted ? <IconCircleCheck size={20} aria-hidden /> : <IconCircle size={20} stroke={1.4} aria-hidden />}
                      {counted ? Math.max(line.counted ?? 0, mine.get(line.sku)?.pieces ?? 0) : <span className="sr-only">{t("stock.counts.notYet")}</span>}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      </div>
    </StockFrame>
  );
}

function Current({ sku, name, line, pieces, typed }: { sku: string; name: string; line: Line | undefined; pieces: number | null; typed: string }) {
  const { t } = useTranslation();
  const shown = typed === "" ? pieces : Number(typed);
  return (
    <div className="counting-current">
      <div><h2>{name}</h2><p className="quiet">{sku}{line?.expected != null ? ` · ${t("stock.counts.expected", { count: line.expected })}` : ""}</p></div>
      <output aria-label={t("stock.counts.pieces")} data-typed={typed !== ""}>{shown ?? "–"}</output>
    </div>
  );
}

interface SerialsProps { name: string; sku: string; mine: string[]; told: boolean; line: Line | undefined; onSerial: (code: string) => void; onNone: () => void }

function Serials({ name, sku, mine, told, line, onSerial, onNone }: SerialsProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const all = [...new Set([...(line?.scanned ?? []), ...mine])];
  return (
    <>
      <div className="counting-current">
        <div><h2>{name}</h2><p className="quiet">{sku}{line?.expected != null ? ` · ${t("stock.counts.expected", { count: line.expected })}` : ""}</p></div>
        <output aria-label={t("stock.counts.scanned")}>{all.length || told ? all.length : "–"}</output>
      </div>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (text.trim()) onSerial(text.trim()); setText(""); }}>
        <TextInput size="lg" label={t("stock.counts.serialLabel")} value={text} maxLength={64} autoComplete="off" spellCheck={false} onChange={(event) => setText(event.currentTarget.value)} />
        <Button type="submit" size="lg" disabled={text.trim() === ""}>{t("stock.counts.addSerial")}</Button>
      </form>
      {all.length === 0 && !told && <Button variant="default" size="lg" onClick={onNone}>{t("stock.counts.noneThere")}</Button>}
      <ul className="counting-serials" aria-label={t("stock.counts.scanned")}>{all.map((serial) => <li key={serial}><IconCheck size={18} aria-hidden />{serial}</li>)}</ul>
    </>
  );
}

function Refused({ entry }: { entry: StockEntry }) {
  const { t } = useTranslation();
  return (
    <div className="problems count-refused" data-tone="bad" role="alert">
      <div><p>{entry.summary}</p><span>{entry.lastProblem?.message ?? t("stock.act.refused")}</span></div>
      <Button variant="subtle" color="red" size="md" onClick={() => void dismissStock(db, entry.clientId)}>{t("stock.sent.dismiss")}</Button>
    </div>
  );
}

function Finish({ count, part, left, onDone }: { count: Count; part: Part; left: number; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const roomName = useRoomName();
  const { busy, refusal, act } = useStockAct();
  const [open, setOpen] = useState(false);
  const finish = async () => {
    const facts = { countId: count.id, partId: part.id, round: part.round, restIsZero: left > 0 };
    const done = await act({ operation: "countComplete", facts, subject: subjectOf(count.id), summary: t("stock.counts.finish.done", { name: roomName(part) }) });
    if (!done) return;
    setOpen(false);
    await onDone();
    goStock("counts", count.id);
  };
  return (
    <>
      <Button size="md" onClick={() => setOpen(true)}>{t("stock.counts.finish.action")}</Button>
      {open && (
        <Dialog title={t("stock.counts.finish.title", { name: roomName(part) })} onClose={() => setOpen(false)}>
          <div className="stack">
            <p>{left > 0 ? t("stock.counts.finish.left", { count: left }) : t("stock.counts.finish.all")}</p>
            {refusal && <p className="form-error" role="alert">{refusal}</p>}
            <div className="row-end">
              <Button variant="default" size="lg" onClick={() => setOpen(false)}>{t("action.back")}</Button>
              <Button size="lg" loading={busy} onClick={() => void finish()}>{t(left > 0 ? "stock.counts.finish.zero" : "stock.counts.finish.submit")}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
