/** The resolution list: what was booked although the books spoke against it, open or settled, and one of it. */

import { IconChecks } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../../api/client";
import { contradictions, oneCase, type Contradiction } from "../../app/resolution";
import { Segments } from "../../components/Segments";
import { useClock } from "../../hooks/useClock";
import { useStockEntries, useTill } from "../../hooks/useData";
import { keep, LIVE_MS, useKept } from "../../hooks/useKept";
import { stockRoute } from "../../hooks/useRoute";
import { AsOf } from "./AsOf";
import { CaseView } from "./resolution/CaseView";
import { StockFrame } from "./Stock";

/** Cases read ahead, so that they can be settled while the network is away. */
const READ_AHEAD = 12;
const ENTRIES_LOOKED_AT = 200;

const keyOf = (storeId: string, id: string) => `contradiction/${storeId}/${id}`;

export function Resolution({ id }: { id: string | null }) {
  return id ? <One key={id} id={id} /> : <List />;
}

function List() {
  const { t } = useTranslation();
  const { session } = useTill();
  const storeId = session.store.id;
  const [settled, setSettled] = useState(false);
  const list = useKept(`contradictions/${storeId}/${settled ? "settled" : "open"}`, () => contradictions(settled), LIVE_MS);
  const { value, asOf, again } = list;
  const entries = useStockEntries(ENTRIES_LOOKED_AT);
  const waiting = new Set(entries?.filter((entry) => entry.state === "waiting").map((entry) => entry.subject));
  const recorded = entries?.filter(({ operation, state }) => operation === "contradictionSettle" && state === "recorded").length ?? 0;
  useEffect(() => {
    // What was settled without a network is off the list as soon as it is sent.
    if (recorded > 0) void again();
  }, [recorded, again]);
  const ahead = asOf === null && !settled ? value?.slice(0, READ_AHEAD).map(({ id }) => id).join() ?? "" : "";
  useEffect(() => {
    if (ahead !== "") void readAhead(storeId, ahead.split(","));
  }, [ahead, storeId]);
  return (
    <StockFrame title={t("stock.screen.resolution")}>
      <Segments
        label={t("stock.resolution.which")} value={settled ? "settled" : "open"} onChange={(which) => setSettled(which === "settled")}
        options={[{ value: "open", label: t("stock.resolution.open") }, { value: "settled", label: t("stock.resolution.settled") }]}
      />
      <AsOf {...list} />
      {value?.length === 0 && <div className="nothing"><IconChecks size={44} stroke={1.2} aria-hidden /><p>{t(settled ? "stock.resolution.noneSettled" : "stock.resolution.none")}</p></div>}
      {value && value.length > 0 && (
        <ul className="stock-rows" aria-label={t("stock.screen.resolution")}>
          {value.map((row) => <Row key={row.id} row={row} waiting={waiting.has(`contradiction:${row.id}`)} />)}
        </ul>
      )}
    </StockFrame>
  );
}

async function readAhead(storeId: string, ids: string[]): Promise<void> {
  try {
    for (const id of ids) await keep(keyOf(storeId, id), await oneCase(id));
  } catch (error) {
    // The network went, or one was taken away: what was read is kept, and the rest is asked for when it is opened.
    if (!(error instanceof RequestFailure)) throw error;
  }
}

function Row({ row, waiting }: { row: Contradiction; waiting: boolean }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const status = waiting ? "waiting" : row.settlement ? "recorded" : "settle";
  const word = waiting ? t("state.waiting") : row.settlement ? t("stock.resolution.state.settled") : t("stock.resolution.state.open");
  return (
    <li>
      <a className="stock-row stock-link" href={stockRoute("resolution", row.id)}>
        <span className="stock-row-main">
          <strong>{t(`stock.resolution.type.${row.type}`)}</strong>
          <span>{row.name}{row.serial && <bdi> · {row.serial}</bdi>}</span>
          <span className="quiet">{[row.document, row.actor, moment(row.occurredAt)].filter(Boolean).join(" · ")}</span>
          {row.settlement && <span className="quiet">{t(`stock.resolution.way.${row.settlement}`)}</span>}
        </span>
        <span className="state" data-status={status}>{word}</span>
      </a>
    </li>
  );
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const answer = useKept(keyOf(session.store.id, id), () => oneCase(id));
  const { value } = answer;
  return (
    <StockFrame title={value ? t(`stock.resolution.type.${value.contradiction.type}`) : t("stock.screen.resolution")} back="resolution">
      <AsOf {...answer} />
      {value && <CaseView found={value} again={answer.again} />}
    </StockFrame>
  );
}
