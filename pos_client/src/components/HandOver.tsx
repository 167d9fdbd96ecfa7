/** At the counter: take what is still due, check the pickup code, hand over. */

import { Button, TextInput } from "@mantine/core";
import { IconCash, IconHandGrab } from "@tabler/icons-react";
import { useLiveQuery } from "dexie-react-hooks";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { connection } from "../app/connection";
import { orderedOf } from "../app/offers";
import { delivery, settled, type Pickup } from "../app/till";
import { codeFrom } from "../domain/codes";
import { newId } from "../domain/ids";
import type { Minor } from "../domain/money";
import { useTill } from "../hooks/useData";
import { usePickups } from "../hooks/usePickups";
import { go } from "../hooks/useRoute";
import { useScanner } from "../hooks/useScanner";
import { db } from "../store/db";
import { payOrder } from "../store/tickets";
import { useMoney } from "./Amount";
import { CashDialog } from "./CashDialog";
import { notify } from "./Notices";
import type { Act } from "./PickupDetail";

const PATIENCE_MS = 15_000;

interface Props {
  pickup: Pickup;
  due: Minor;
  act: Act;
  busy: boolean;
}

export function HandOver({ pickup, due, act, busy }: Props) {
  return due > 0 ? <Payment pickup={pickup} due={due} busy={busy} /> : <Code pickup={pickup} act={act} busy={busy} />;
}

function Payment({ pickup, due, busy }: { pickup: Pickup; due: Minor; busy: boolean }) {
  const { t } = useTranslation();
  const { shift, closing, session } = useTill();
  const { refresh } = usePickups();
  const [paying, setPaying] = useState(false);
  const waits = useLiveQuery(() => db.entries.where("state").equals("waiting")
    .filter((entry) => entry.kind === "payment" && entry.input.orderId === pickup.orderId).count(), [pickup.orderId]);
  const { currency } = pickup.amountDue;
  const money = useMoney(currency);
  const ready = shift !== null && !closing;

  const pay = async (tendered: Minor) => {
    if (!shift) return;
    const payment = { clientId: newId(), orderId: pickup.orderId, amount: due, currency };
    const occurredAt = new Date().toISOString();
    const ordered = await orderedOf(pickup.orderId);
    await payOrder(db, payment, shift, {
      tendered, occurredAt, offline: !connection.online, staffName: session.staffName,
      orderNumber: pickup.orderNumber, customerName: pickup.customerName ?? "", ordered,
    });
    delivery.kick();
    const state = await settled(payment.clientId, PATIENCE_MS);
    setPaying(false);
    if (state === "attention") notify("bad", t("handOver.paymentRefused"));
    else notify("good", t("handOver.changeDue", { amount: money(tendered - due) }));
    await refresh();
  };
  if (waits && !paying) return <p className="quiet-warning" role="status">{t("handOver.paymentWaits")}</p>;
  return (
    <div className="detail-next">
      {!ready && <p className="quiet-warning">{t("ticket.needsShift")}</p>}
      <Button className="pay" fullWidth disabled={busy || !ready} leftSection={<IconCash aria-hidden />} onClick={() => setPaying(true)}>
        {t("handOver.takePayment", { amount: money(due) })}
      </Button>
      {paying && <CashDialog title={t("handOver.paymentTitle", { number: pickup.orderNumber })} due={due} currency={currency} onPay={pay} onClose={() => setPaying(false)} />}
    </div>
  );
}

function Code({ pickup, act, busy }: { pickup: Pickup; act: Act; busy: boolean }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [collectedBy, setCollectedBy] = useState(pickup.customerName ?? "");
  useScanner((scanned) => setCode(codeFrom(scanned)));
  const ready = code.trim().length >= 4 && collectedBy.trim().length >= 2;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    if (await act({ type: "handOver", code: codeFrom(code), collectedBy: collectedBy.trim() })) {
      notify("good", t("handOver.done", { number: pickup.orderNumber }));
      go("pickups");
    }
  };
  return (
    <form className="stack hand-over" onSubmit={(event) => void submit(event)}>
      <TextInput
        size="lg" label={t("handOver.code")} description={t("handOver.codeHint")} value={code} autoComplete="off" autoCapitalize="characters" maxLength={64}
        classNames={{ input: "code-input" }} onChange={(event) => setCode(event.currentTarget.value)}
      />
      <TextInput
        size="lg" label={t("handOver.collectedBy")} description={t("handOver.collectedHint")} value={collectedBy} autoComplete="off" maxLength={120}
        onChange={(event) => setCollectedBy(event.currentTarget.value)}
      />
      <Button type="submit" className="pay" fullWidth disabled={!ready} loading={busy} leftSection={<IconHandGrab aria-hidden />}>{t("handOver.submit")}</Button>
    </form>
  );
}
