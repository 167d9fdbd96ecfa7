import { useMoney } from "@shared/useMoney";
import { Button, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { formatMoment } from "@shared/time";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { perform } from "../api/client";
import { OrderCancelDocument } from "../api/orderDocuments";
import { SummaryLines } from "../cart/SummaryLines";
import { Totals } from "../cart/Totals";
import { ErrorNote } from "../ui/ErrorNote";
import type { Order } from "./OrderPage";
import { EsimCard } from "./EsimCard";
import { PickupCard } from "./PickupCard";

export function OrderView({ order, onChange }: { order: Order; onChange?: (order: Order) => void }) {
  const { t } = useTranslation();
  return (
    <div className="two-columns">
      <div className="order-main">
        <p className={`order-status status-${order.status.toLowerCase()}`} role="status">{t(`orderStatus.${order.status}`)}</p>
        {order.pickups.map((pickup) => <PickupCard key={pickup.id} pickup={pickup} orderNumber={order.number} />)}
        <EsimCard order={order} />
        <Timeline order={order} />
      </div>
      <aside className="summary" aria-label={t("cart.summary")}>
        <h2>{t("order.lines")}</h2>
        <SummaryLines lines={order.lines} bundles={order.bundles} />
        <Totals cart={order} isOrder />
        <Payments order={order} />
        <CancelOrder order={order} onChange={onChange} />
      </aside>
    </div>
  );
}

function Payments({ order }: { order: Order }) {
  const { t } = useTranslation();
  const money = useMoney();
  if (!order.payments.length) return null;
  return (
    <ul className="payments" aria-label={t("payment.title")}>
      {order.payments.map((payment, index) => (
        <li key={index}>
          <span>{t(`paymentMethod.${payment.method}`)}</span>
          <span>{money(payment.amount)} · {t(`paymentState.${payment.state}`, { defaultValue: payment.state })}</span>
        </li>
      ))}
    </ul>
  );
}

function Timeline({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  if (!order.timeline.length) return null;
  const timeZone = order.pickups[0]?.store.timezone;
  return (
    <section className="panel">
      <h2>{t("order.timeline")}</h2>
      <ol className="timeline">
        {order.timeline.map((event, index) => (
          <li key={`${event.code}-${index}`}>
            <span>{event.label}</span>
            <time dateTime={event.at}>{formatMoment(event.at, i18n.language, timeZone)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The server alone knows what may still be cancelled; these states never are. */
const FINAL = new Set(["FULFILLED", "PARTIALLY_FULFILLED", "CANCELLED", "RETURNED", "PARTIALLY_RETURNED"]);

function CancelOrder({ order, onChange }: { order: Order; onChange?: (order: Order) => void }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async () => {
      const variables = { id: order.id, reason: reason.trim() || null };
      return (await perform(`order.cancel.${order.id}`, OrderCancelDocument, variables, (r) => r.orderCancel)).order;
    },
    onSuccess: (cancelled) => {
      if (cancelled) client.setQueryData(["order", order.id], { order: cancelled });
      if (cancelled) onChange?.(cancelled);
      close();
    },
  });
  if (FINAL.has(order.status)) return null;
  return (
    <>
      <Button variant="default" fullWidth mt="md" onClick={open}>{t("order.cancel")}</Button>
      <Modal opened={opened} onClose={close} title={t("order.cancelTitle")} radius="lg" closeButtonProps={{ "aria-label": t("common.close") }}>
        <p>{t("order.cancelText")}</p>
        <TextInput mt="md" label={t("order.cancelReason")} value={reason} maxLength={200} onChange={(event) => setReason(event.currentTarget.value)} />
        <ErrorNote error={cancel.error} onRetry={() => cancel.mutate()} />
        <div className="modal-ways">
          <Button variant="default" onClick={close}>{t("order.keep")}</Button>
          <Button color="red.9" loading={cancel.isPending} onClick={() => cancel.mutate()}>{t("order.cancelNow")}</Button>
        </div>
      </Modal>
    </>
  );
}
