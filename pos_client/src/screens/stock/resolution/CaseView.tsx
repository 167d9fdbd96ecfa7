/** One contradiction: what happened, what the books say, the unit's life, and how it was or will be settled. */

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Case } from "../../../app/resolution";
import { useClock } from "../../../hooks/useClock";
import { useStockEntries } from "../../../hooks/useData";
import { useStockAct } from "../../../hooks/useStockAct";
import { Timeline } from "../lookup/UnitView";
import { eventTitle, roomName } from "../lookup/words";
import { Settle } from "./Settle";

const ENTRIES_LOOKED_AT = 200;

export function CaseView({ found, again }: { found: Case; again: () => Promise<void> }) {
  const { t } = useTranslation();
  const acting = useStockAct();
  const waiting = useStockEntries(ENTRIES_LOOKED_AT)?.some((entry) => entry.state === "waiting" && entry.subject === `contradiction:${found.contradiction.id}`);
  return (
    <>
      <div className="case-facts">
        <Happened found={found} />
        <Books found={found} />
      </div>
      {acting.refusal && found.contradiction.settlement && <p className="form-error" role="alert">{acting.refusal}</p>}
      {found.contradiction.settlement
        ? <Settled found={found} />
        : waiting && !acting.busy ? <p className="quiet-warning" role="status">{t("stock.act.waiting")}</p> : <Settle found={found} acting={acting} again={again} />}
      {found.history.length > 0 && (
        <section className="card" aria-label={t("stock.unit.history")}>
          <h2 className="lookup-title">{t("stock.unit.history")}</h2>
          <Timeline events={found.history} />
        </section>
      )}
    </>
  );
}

function Facts({ title, rows }: { title: string; rows: [string, ReactNode][] }) {
  return (
    <section className="card" aria-label={title}>
      <h2 className="lookup-title">{title}</h2>
      <dl className="case-list">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}

function Happened({ found: { contradiction: row } }: { found: Case }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const rows: [string, ReactNode][] = [
    [t("stock.resolution.fact.article"), `${Math.abs(row.quantity)} × ${row.name}`],
    [t("stock.resolution.fact.event"), `${eventTitle(t, row)} · ${roomName(t, row.room)}`],
    [t("stock.resolution.fact.when"), moment(row.occurredAt)],
  ];
  if (row.serial) rows.push([t("stock.resolution.fact.number"), <bdi key="number">{row.serial}</bdi>]);
  if (row.actor) rows.push([t("stock.resolution.fact.who"), row.actor]);
  if (row.document) rows.push([t("stock.resolution.fact.document"), row.document]);
  if (row.type === "OTHER") rows.push([t("stock.resolution.fact.message"), row.message]);
  return <Facts title={t("stock.resolution.happened")} rows={rows} />;
}

function Books({ found: { unit, places } }: { found: Case }) {
  const { t } = useTranslation();
  const rows: [string, ReactNode][] = places.map((place) => [
    place.bookedHere ? t("stock.resolution.place.here", { store: place.store.name }) : t("stock.resolution.place.there", { store: place.store.name, sku: place.sku }),
    [
      t("stock.resolution.place.onHand", { count: place.onHand }),
      place.reserved !== 0 && t("stock.resolution.place.reserved", { count: place.reserved }),
      place.unregistered !== 0 && t("stock.resolution.place.unregistered", { count: place.unregistered }),
    ].filter(Boolean).join(" · "),
  ]);
  if (unit) rows.push([t("stock.resolution.place.unit", { number: unit.identifier }), `${t(`stock.state.${unit.state}`)} · ${unit.store.name}`]);
  return <Facts title={t("stock.resolution.books")} rows={rows} />;
}

function Settled({ found: { contradiction: row } }: { found: Case }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const rows: [string, ReactNode][] = [[t("stock.resolution.fact.way"), t(`stock.resolution.way.${row.settlement}`)]];
  if (row.settledReason) rows.push([t("stock.resolution.reason"), row.settledReason]);
  if (row.settledWith.length > 0) rows.push([t("stock.resolution.fact.named"), row.settledWith.join(", ")]);
  if (row.settledBy) rows.push([t("stock.resolution.fact.who"), row.settledBy]);
  if (row.settledAt) rows.push([t("stock.resolution.fact.when"), moment(row.settledAt)]);
  return <Facts title={t("stock.resolution.settled")} rows={rows} />;
}
