/** The drawer: opening with a float, what should be in it, counting it at the end. */

import { Button, Textarea } from "@mantine/core";
import { IconCloudUpload, IconLockOpen } from "@tabler/icons-react";
import { useLiveQuery } from "dexie-react-hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { delivery, settled } from "../app/till";
import { AmountEntry, useMoney } from "../components/Amount";
import { notify } from "../components/Notices";
import { parseAmount, type Minor } from "../domain/money";
import { difference, shiftTotals } from "../domain/shift";
import { useClock } from "../hooks/useClock";
import { useOnline, useTill } from "../hooks/useData";
import { go } from "../hooks/useRoute";
import { db, isSale, type Entry, type ShiftCloseEntry, type ShiftFacts } from "../store/db";
import { openShift, requestClosing, withdrawRefusedOpening } from "../store/shifts";

/** How long the counter waits for the server's word before it goes on alone. */
const PATIENCE_MS = 8_000;

export function Shift() {
  const { shift } = useTill();
  return shift ? <OpenShift shift={shift} /> : <NoShift />;
}

function NoShift() {
  const { t } = useTranslation();
  const { session, catalogue } = useTill();
  const { currency } = catalogue.channel;
  const [float, setFloat] = useState<Minor>(0);
  const [busy, setBusy] = useState(false);
  const open = async () => {
    if (busy) return;
    setBusy(true);
    const id = await openShift(db, session, float, currency);
    delivery.kick();
    // The till sells from here on, whatever the network does. Going there at once keeps a late answer from pulling anyone back.
    go("sell");
    if ((await settled(id, PATIENCE_MS)) !== "attention") return;
    const entry = await db.entries.where("clientId").equals(id).first();
    // This form is gone by now: the refusal is told over whatever is on the screen.
    if (await withdrawRefusedOpening(db, id)) notify("bad", entry?.lastProblem?.message ?? t("shift.refused"));
  };
  return (
    <div className="center">
      <LastClosing />
      <section className="card shift-open">
        <IconLockOpen size={36} stroke={1.4} aria-hidden />
        <h1>{t("shift.openTitle")}</h1>
        <p>{t("shift.openHint")}</p>
        <AmountEntry label={t("shift.float")} currency={currency} value={float} onChange={setFloat} onEnter={() => void open()} disabled={busy} />
        <Button className="pay" fullWidth loading={busy} onClick={() => void open()}>{t("shift.open")}</Button>
      </section>
    </div>
  );
}

function LastClosing() {
  const { t } = useTranslation();
  const { moment } = useClock();
  const closings = useLiveQuery(() => db.entries.reverse().filter((entry) => entry.kind === "shiftClose").limit(1).toArray());
  const last = closings?.[0];
  const { currency } = useTill().catalogue.channel;
  const money = useMoney(last?.currency ?? currency);
  if (last?.kind !== "shiftClose" || last.state !== "recorded" || !last.outcome) return null;
  const amount = (text: string) => money(parseAmount(text, last.currency));
  return (
    <section className="card last-closing">
      <h2>{t("shift.lastClosed", { moment: moment(last.occurredAt) })}</h2>
      <dl>
        <div><dt>{t("shift.expected")}</dt><dd>{amount(last.outcome.expectedCash)}</dd></div>
        <div><dt>{t("shift.counted")}</dt><dd>{amount(last.outcome.countedCash)}</dd></div>
        <div className="grand"><dt>{t("shift.difference")}</dt><dd>{amount(last.outcome.difference)}</dd></div>
      </dl>
    </section>
  );
}

function OpenShift({ shift }: { shift: ShiftFacts }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const money = useMoney(shift.currency);
  const entries = useLiveQuery(() => db.entries.where("shiftId").equals(shift.id).toArray(), [shift.id]);
  if (!entries) return null;
  const totals = shiftTotals(shift.openingFloat, entries.filter(isSale));
  const unsent = entries.filter((entry) => entry.state === "waiting" && entry.kind !== "shiftClose");
  const closing = entries.find((entry): entry is ShiftCloseEntry => entry.kind === "shiftClose");
  return (
    <div className="shift">
      <section className="card">
        <h1>{t("shift.title")}</h1>
        <p>{t("shift.since", { moment: moment(shift.openedAt) })}</p>
        <dl>
          <div><dt>{t("shift.float")}</dt><dd>{money(totals.openingFloat)}</dd></div>
          <div><dt>{t("shift.cashSales", { count: totals.saleCount })}</dt><dd>{money(totals.cashSales)}</dd></div>
          <div className="grand"><dt>{t("shift.expected")}</dt><dd>{money(totals.expected)}</dd></div>
        </dl>
        {totals.refusedCash > 0 && <p className="quiet-warning">{t("shift.refusedCash", { amount: money(totals.refusedCash) })}</p>}
      </section>
      <section className="card">
        <h2>{t("shift.closeTitle")}</h2>
        {closing?.state === "waiting" ? <ClosingWaits /> : <CloseForm shift={shift} expected={totals.expected} unsent={unsent} refused={closing?.lastProblem?.message ?? null} />}
      </section>
    </div>
  );
}

function ClosingWaits() {
  const { t } = useTranslation();
  return <div className="nothing" role="status"><IconCloudUpload size={44} stroke={1.2} aria-hidden /><p>{t("shift.closingWaits")}</p></div>;
}

interface CloseProps {
  shift: ShiftFacts;
  expected: Minor;
  unsent: Entry[];
  refused: string | null;
}

function CloseForm({ shift, expected, unsent, refused }: CloseProps) {
  const { t } = useTranslation();
  const online = useOnline();
  const money = useMoney(shift.currency);
  const [counted, setCounted] = useState<Minor | null>(null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  if (unsent.length > 0) {
    return (
      <div className="blocked" role="status">
        <IconCloudUpload size={44} stroke={1.2} aria-hidden />
        <p>{t("shift.blocked", { count: unsent.length })}</p>
        <p>{t(online ? "shift.blockedOnline" : "shift.blockedOffline")}</p>
        <div className="row-end">
          <Button variant="default" size="lg" onClick={() => go("sales")}>{t("shift.seeSales")}</Button>
          <Button size="lg" onClick={() => void delivery.wake()}>{t("shift.sendNow")}</Button>
        </div>
      </div>
    );
  }
  const gap = counted === null ? null : difference(counted, expected);
  const needsReason = gap !== null && (gap !== 0 || refused !== null);
  const ready = counted !== null && (gap === 0 || reason.trim().length >= 3);
  const close = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const clientId = await requestClosing(db, shift, { countedCash: counted, reason });
    delivery.kick();
    if ((await settled(clientId, PATIENCE_MS)) === "recorded") notify("good", t("shift.closed"));
    setBusy(false);
  };
  return (
    <div className="close-form">
      <div className="close-count">
        <AmountEntry label={t("shift.countLabel")} currency={shift.currency} value={counted ?? 0} onChange={setCounted} disabled={busy} />
      </div>
      <div className="close-side">
        <p>{t("shift.countHint")}</p>
        {gap !== null && (
          <div className="gap" data-tone={gap === 0 ? "good" : "warning"} aria-live="polite">
            <span>{t(gap === 0 ? "shift.matches" : gap < 0 ? "shift.short" : "shift.over")}</span>
            {gap !== 0 && <strong>{money(Math.abs(gap))}</strong>}
          </div>
        )}
        {needsReason && (
          <Textarea size="md" autosize minRows={2} maxLength={300} label={t("shift.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        )}
        {refused && <p className="form-error" role="alert">{refused}</p>}
        <Button className="pay" fullWidth disabled={!ready} loading={busy} onClick={() => void close()}>{t("shift.close")}</Button>
      </div>
    </div>
  );
}
