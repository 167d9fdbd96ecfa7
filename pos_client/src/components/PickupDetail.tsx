/** One pickup, and the one step that comes next. */

import { Button } from "@mantine/core";
import { formatDate } from "@shared/time";
import { IconCheck, IconScan } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { actOnPickup, type Pickup, type PickupAction } from "../app/till";
import { parseAmount } from "../domain/money";
import { useClock } from "../hooks/useClock";
import { useOnline } from "../hooks/useData";
import { usePickups } from "../hooks/usePickups";
import { go } from "../hooks/useRoute";
import { useMoney } from "./Amount";
import { HandOver } from "./HandOver";
import { notify } from "./Notices";
import { Picking } from "./Picking";
import { RejectDialog } from "./RejectDialog";

/** Carries out a step and shows what came of it; true when it worked. */
export type Act = (action: PickupAction) => Promise<boolean>;

export function PickupDetail({ pickup }: { pickup: Pickup }) {
  const { t, i18n } = useTranslation();
  const { moment } = useClock();
  const online = useOnline();
  const { replace, refresh } = usePickups();
  const [busy, setBusy] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const { currency } = pickup.amountDue;
  const money = useMoney(currency);
  const due = parseAmount(pickup.amountDue.amount, currency);

  const act: Act = async (action) => {
    setBusy(true);
    try {
      replace(await actOnPickup(pickup.id, action));
      return true;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      notify("bad", error.kind === "network" ? t("pickups.noNetwork") : error.message);
      if (error.kind === "refused") void refresh();
      return false;
    } finally {
      setBusy(false);
    }
  };
  const reject = async (reason: string) => {
    if (!(await act({ type: "reject", reason }))) return;
    setRejecting(false);
    notify("good", t("pickups.rejected", { number: pickup.orderNumber }));
    go("pickups");
  };
  const early = pickup.state === "PLACED" || pickup.state === "ACCEPTED" || pickup.state === "PICKING";
  return (
    <div className="detail pickup">
      <div className="detail-bar">
        <Button variant="subtle" size="md" className="only-narrow" onClick={() => go("pickups")}>{t("action.back")}</Button>
        <div>
          <h2>{pickup.customerName || t("pickups.guest")}</h2>
          <p className="quiet">{pickup.orderNumber} · {t(`pickups.state.${pickup.state}`)}</p>
        </div>
        <span className="spacer" />
        {early && <Button variant="subtle" color="red.9" size="md" disabled={!online || busy} onClick={() => setRejecting(true)}>{t("pickups.reject")}</Button>}
      </div>
      <p className="pickup-when">
        {pickup.state === "READY" && pickup.pickupBy ? t("pickups.until", { moment: moment(pickup.pickupBy) }) : t("pickups.readyBy", { moment: moment(pickup.readyBy) })}
        {due > 0 && <span className="state" data-status="settle">{t("pickups.due", { amount: money(due) })}</span>}
      </p>
      {pickup.orderHeld && <p className="quiet-warning">{pickup.promiseDate ? t("pickups.heldUntil", { day: formatDate(pickup.promiseDate, i18n.language) }) : t("pickups.held")}</p>}
      {!online && <p className="quiet-warning">{t("pickups.needsNetwork")}</p>}
      {(pickup.state === "ACCEPTED" || pickup.state === "PICKING")
        ? <Picking pickup={pickup} act={act} busy={busy || !online} />
        : <Lines pickup={pickup} />}
      {pickup.state === "PLACED" && (
        <div className="detail-next">
          <Button className="pay" fullWidth disabled={!online} loading={busy} leftSection={<IconScan aria-hidden />} onClick={() => void act({ type: "accept" })}>{t("pickups.accept")}</Button>
        </div>
      )}
      {pickup.state === "READY" && <HandOver pickup={pickup} due={due} act={act} busy={busy || !online} />}
      {rejecting && <RejectDialog onReject={reject} onClose={() => setRejecting(false)} />}
    </div>
  );
}

function Lines({ pickup }: { pickup: Pickup }) {
  return (
    <ul className="pick-lines">
      {pickup.lines.map((line) => (
        <li key={line.sku} data-complete={line.picked >= line.quantity}>
          <span className="pick-count">{line.picked >= line.quantity ? <IconCheck size={22} aria-hidden /> : null}{line.quantity} ×</span>
          <span className="pick-name"><strong>{line.name}</strong>{line.serials.map((serial) => <bdi key={serial} className="serial">{serial}</bdi>)}</span>
        </li>
      ))}
    </ul>
  );
}
