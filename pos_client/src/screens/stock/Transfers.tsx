/** Transfers: goods asked of other stores and sent to them. The list of both directions, one transfer with its next step, and a new one. */

import { Button } from "@mantine/core";
import { IconArrowsExchange, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { oneTransfer, transfers, type Transfer } from "../../app/stock";
import { Segments } from "../../components/Segments";
import { useClock } from "../../hooks/useClock";
import { useStockEntries, useTill } from "../../hooks/useData";
import { useKept } from "../../hooks/useKept";
import { stockRoute } from "../../hooks/useRoute";
import { AsOf } from "./AsOf";
import { StockFrame } from "./Stock";
import { NewTransfer } from "./transfers/NewTransfer";
import { TransferView } from "./transfers/TransferView";

const ENTRIES_LOOKED_AT = 200;

export function Transfers({ id }: { id: string | null }) {
  if (id === "ask" || id === "send") return <NewTransfer key={id} pushed={id === "send"} />;
  return id ? <One key={id} id={id} /> : <List />;
}

function List() {
  const { t } = useTranslation();
  const { session } = useTill();
  const [incoming, setIncoming] = useState(true);
  const answer = useKept(`transfers/${session.store.id}/${incoming ? "in" : "out"}`, () => transfers(incoming));
  const { value } = answer;
  const entries = useStockEntries(ENTRIES_LOOKED_AT);
  const waiting = new Set(entries?.filter((entry) => entry.state === "waiting").map((entry) => entry.subject));
  return (
    <StockFrame title={t("stock.screen.transfers")}>
      <Segments
        label={t("stock.transfers.direction")} value={incoming ? "in" : "out"} onChange={(value) => setIncoming(value === "in")}
        options={[{ value: "in", label: t("stock.transfers.incoming") }, { value: "out", label: t("stock.transfers.outgoing") }]}
      />
      <AsOf {...answer} />
      {value?.length === 0 && <div className="nothing"><IconArrowsExchange size={44} stroke={1.2} aria-hidden /><p>{t("stock.transfers.none")}</p></div>}
      {value && value.length > 0 && (
        <ul className="stock-rows" aria-label={t("stock.screen.transfers")}>
          {value.map((transfer) => <Row key={transfer.id} transfer={transfer} incoming={incoming} waiting={waiting.has(`transfer:${transfer.id}`)} />)}
        </ul>
      )}
      <div className="row-end">
        <Button component="a" href={stockRoute("transfers", "send")} variant="default" size="lg" leftSection={<IconPlus size={20} aria-hidden />}>{t("stock.transfers.send")}</Button>
        <Button component="a" href={stockRoute("transfers", "ask")} size="lg" leftSection={<IconPlus size={20} aria-hidden />}>{t("stock.transfers.request")}</Button>
      </div>
    </StockFrame>
  );
}

const STATUS: Record<string, string> = { REQUESTED: "settle", APPROVED: "settle", PICKING: "settle", SHIPPED: "waiting", RECEIVED: "recorded" };

function Row({ transfer, incoming, waiting }: { transfer: Transfer; incoming: boolean; waiting: boolean }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  return (
    <li>
      <a className="stock-row stock-link" href={stockRoute("transfers", transfer.id)}>
        <span className="stock-row-main">
          <strong>{incoming ? t("stock.transfers.from", { store: transfer.origin.name }) : t("stock.transfers.to", { store: transfer.target.name })}</strong>
          <span className="quiet">{transfer.number} · {t("stock.transfers.pieces", { count: transfer.shipped || transfer.requested })} · {moment(transfer.shippedAt ?? transfer.createdAt)}</span>
          {transfer.note && <span className="quiet">{transfer.note}</span>}
        </span>
        <span className="delivery-progress">
          <span className="state" data-status={waiting ? "waiting" : STATUS[transfer.state]}>{waiting ? t("state.waiting") : t(`stock.transfers.state.${transfer.state}`)}</span>
          {transfer.inTransit > 0 && <strong>{t("stock.transfers.inTransit", { count: transfer.inTransit })}</strong>}
        </span>
      </a>
    </li>
  );
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const answer = useKept(`transfer/${session.store.id}/${id}`, () => oneTransfer(id));
  const { value, again } = answer;
  const side = value && <span className="state" data-status={STATUS[value.state]}>{t(`stock.transfers.state.${value.state}`)}</span>;
  const title = !value ? t("stock.screen.transfers")
    : `${value.number} · ${value.target.id === session.store.id ? t("stock.transfers.from", { store: value.origin.name }) : t("stock.transfers.to", { store: value.target.name })}`;
  return (
    <StockFrame title={title} back="transfers" side={side}>
      <AsOf {...answer} />
      {value && <TransferView key={value.state} transfer={value} again={again} />}
    </StockFrame>
  );
}
