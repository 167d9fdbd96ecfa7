/** The pickup queue: what is new, what is being picked, what waits for its customer. */

import { Button } from "@mantine/core";
import { IconPackage, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Pickup } from "../app/till";
import { PickupDetail } from "../components/PickupDetail";
import { parseAmount } from "../domain/money";
import { useClock } from "../hooks/useClock";
import { useOnline } from "../hooks/useData";
import { usePickups } from "../hooks/usePickups";
import { routeTo } from "../hooks/useRoute";

const GROUPS = [
  { name: "new", states: ["PLACED"] },
  { name: "picking", states: ["ACCEPTED", "PICKING"] },
  { name: "ready", states: ["READY"] },
] as const;

export function Pickups({ openId }: { openId: string | null }) {
  const { t } = useTranslation();
  const { pickups, asOf, problem, refresh } = usePickups();
  const { moment } = useClock();
  const online = useOnline();
  const open = pickups?.find((pickup) => pickup.id === openId);
  return (
    <div className="split" data-open={open ? "detail" : "list"}>
      <section className="split-list" aria-label={t("pickups.title")}>
        <header className="split-head">
          <div className="split-title">
            <h1>{t("pickups.title")}</h1>
            <Button variant="subtle" size="md" leftSection={<IconRefresh size={20} aria-hidden />} disabled={!online} onClick={() => void refresh()}>{t("pickups.refresh")}</Button>
          </div>
          {!online && <p className="quiet-warning">{asOf ? t("pickups.asOf", { moment: moment(asOf) }) : t("pickups.offline")}</p>}
          {problem && <p className="form-error" role="alert">{problem}</p>}
        </header>
        {pickups?.length === 0 && <div className="nothing"><IconPackage size={44} stroke={1.2} aria-hidden /><p>{t("pickups.none")}</p></div>}
        {GROUPS.map((group) => <Group key={group.name} name={group.name} openId={openId} pickups={inStates(pickups ?? [], group.states)} />)}
      </section>
      <section className="split-detail" aria-label={t("pickups.detail")}>
        {open ? <PickupDetail key={open.id} pickup={open} /> : <div className="nothing"><p>{t("pickups.choose")}</p></div>}
      </section>
    </div>
  );
}

function inStates(pickups: Pickup[], states: readonly string[]): Pickup[] {
  return pickups.filter((pickup) => states.includes(pickup.state)).sort((a, b) => a.readyBy.localeCompare(b.readyBy));
}

function Group({ name, pickups, openId }: { name: string; pickups: Pickup[]; openId: string | null }) {
  const { t } = useTranslation();
  if (pickups.length === 0) return null;
  return (
    <section aria-label={t(`pickups.group.${name}`)}>
      <h2 className="rows-title">{t(`pickups.group.${name}`)} <span className="count">{pickups.length}</span></h2>
      <ul className="rows">{pickups.map((pickup) => <Row key={pickup.id} pickup={pickup} open={pickup.id === openId} />)}</ul>
    </section>
  );
}

function Row({ pickup, open }: { pickup: Pickup; open: boolean }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const units = pickup.lines.reduce((sum, line) => sum + line.quantity, 0);
  const picked = pickup.lines.reduce((sum, line) => sum + line.picked, 0);
  const due = parseAmount(pickup.amountDue.amount, pickup.amountDue.currency) > 0;
  const late = pickup.state !== "READY" && Date.parse(pickup.readyBy) < Date.now();
  const when = pickup.state === "READY" && pickup.pickupBy
    ? t("pickups.until", { moment: moment(pickup.pickupBy) })
    : t("pickups.readyBy", { moment: moment(pickup.readyBy) });
  return (
    <li>
      <a className="row" href={routeTo("pickups", pickup.id)} aria-current={open}>
        <span className="row-main"><strong>{pickup.customerName || pickup.orderNumber}</strong></span>
        <span className="row-amount">{pickup.state === "PLACED" ? t("ticket.units", { count: units }) : t("pickups.progress", { picked, units })}</span>
        <span className="row-sub" data-late={late}>{late ? t("pickups.late", { moment: moment(pickup.readyBy) }) : when}</span>
        {pickup.orderHeld && <span className="state" data-status="settle">{t("pickups.onHold")}</span>}
        {due && <span className="state" data-status="settle">{t("pickups.unpaid")}</span>}
      </a>
    </li>
  );
}
