/** A unit: where it is, which numbers it carries, and everything that ever moved it. */

import { Button } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../../api/client";
import { unitHistory, type StockArticle, type StockUnit, type UnitEvent } from "../../../app/stock";
import { notify } from "../../../components/Notices";
import { useAnswer } from "../../../hooks/useAnswer";
import { LabelDialog } from "./Labels";
import { eventTitle, roomName } from "./words";

const GOOD = new Set(["IN_STOCK"]);
const BAD = new Set(["MISSING", "REMOVE_FROM_INVENTORY", "UNKNOWN", "UNCONFIRMED"]);

export function UnitView({ unit, article }: { unit: StockUnit; article: StockArticle }) {
  const { t } = useTranslation();
  const [printing, setPrinting] = useState(false);
  const status = GOOD.has(unit.state) ? "recorded" : BAD.has(unit.state) ? "attention" : "waiting";
  const kind = unit.identifiers.find(({ value }) => value === unit.identifier)?.type;
  const others = unit.identifiers.filter(({ value }) => value !== unit.identifier);
  const present = ["IN_STOCK", "UNAVAILABLE", "CUSTOMER_RESERVED", "RESERVED_FOR_SHIPPING"].includes(unit.state);
  return (
    <section className="card lookup-unit" aria-label={unit.identifier}>
      <div className="lookup-head">
        <div>
          <h2>{kind && `${t(`stock.number.${kind}`)} `}{unit.identifier}</h2>
          <p className="quiet">{article.name}</p>
          <p className="lookup-place">
            <span className="state" data-status={status}>{t(`stock.state.${unit.state}`)}</span>
            <span>{unit.store.name}{present && ` · ${roomName(t, unit.room)}`}</span>
            {!unit.here && <span className="state" data-status="settle">{t("stock.unit.elsewhere")}</span>}
            {unit.reservedFor && <span className="state" data-status="waiting">{t("stock.line.RESERVED", { purpose: t(`stock.purpose.${unit.reservedFor}`) })}</span>}
          </p>
        </div>
        <Button variant="default" size="md" leftSection={<IconTag size={20} aria-hidden />} onClick={() => setPrinting(true)}>{t("stock.label.print")}</Button>
      </div>
      {others.length > 0 && <dl className="lookup-numbers">
        {others.map(({ type, value }) => <div key={type}><dt>{t(`stock.number.${type}`)}</dt><dd>{value}</dd></div>)}
      </dl>}
      <History unitId={unit.id} />
      {printing && <LabelDialog article={article} unit={unit} onClose={() => setPrinting(false)} />}
    </section>
  );
}

function History({ unitId }: { unitId: string }) {
  const { t } = useTranslation();
  const first = useAnswer(unitId, () => unitHistory(unitId, null));
  const [older, setOlder] = useState<{ events: UnitEvent[]; next: string | null } | null>(null);
  if (!first.value) {
    if (!first.problem) return <p className="quiet" role="status" aria-busy="true">{t("stock.lookup.asking")}</p>;
    return <p className="quiet-warning" role="status">{first.problem.kind === "offline" ? t("stock.lookup.offline") : first.problem.message}</p>;
  }
  const events = [...first.value.events, ...(older?.events ?? [])];
  const next = older ? older.next : first.value.next;
  const more = async () => {
    try {
      const page = await unitHistory(unitId, next);
      setOlder({ events: [...(older?.events ?? []), ...page.events], next: page.next });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      notify("warning", t("stock.lookup.offline"));
    }
  };
  return (
    <section aria-label={t("stock.unit.history")}>
      <h3 className="lookup-title">{t("stock.unit.history")}</h3>
      {events.length === 0 && <p className="quiet">{t("stock.unit.noHistory")}</p>}
      <Timeline events={events} />
      {next && <Button variant="light" size="md" onClick={() => void more()}>{t("stock.unit.older")}</Button>}
    </section>
  );
}

export function Timeline({ events }: { events: readonly UnitEvent[] }) {
  return <ol className="timeline">{events.map((event) => <Event key={event.id} event={event} />)}</ol>;
}

function Event({ event }: { event: UnitEvent }) {
  const { t, i18n } = useTranslation();
  // A unit's life passes through stores in several time zones: each moment by the clock of its store.
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short", timeZone: event.store.timezone });
  const place = event.kind === "MOVE" || event.quantity < 0 ? event.store.name : `${event.store.name} · ${roomName(t, event.room)}`;
  return (
    <li data-way={event.kind === "MOVE" ? "move" : event.quantity > 0 ? "in" : "out"}>
      <p className="timeline-what">
        <strong>{eventTitle(t, event)}</strong>
        {event.document && <span>{event.document}</span>}
        {event.state && <span className="state">{t(`stock.state.${event.state}`)}</span>}
      </p>
      <p className="quiet">{[place, event.actor, event.reason].filter(Boolean).join(" · ")}</p>
      <p className="quiet"><time dateTime={event.occurredAt}>{moment.format(new Date(event.occurredAt))}</time></p>
    </li>
  );
}
