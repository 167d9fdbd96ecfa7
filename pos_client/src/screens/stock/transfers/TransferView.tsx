/** One transfer: what it holds, and the next step of whoever looks at it. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReceiptDifference, TransferDetail } from "../../../app/stock";
import { Dialog } from "../../../components/Dialog";
import { type Count, differencesOf, type Expected, NOTHING, piecesIn, rowsOf, toInput } from "../../../domain/pieces";
import { useTill } from "../../../hooks/useData";
import { useDraft } from "../../../hooks/useKept";
import { goStock } from "../../../hooks/useRoute";
import { useStockAct, type StockActing } from "../../../hooks/useStockAct";
import { Counting } from "../counting/Counting";
import { Differences } from "../counting/Differences";
import { FinishDialog } from "../counting/FinishDialog";
import { mayWithStock } from "../permissions";

type Done = "decideApprove" | "decideReject" | "pick" | "ship" | "cancel" | "receive" | "settle";
type Operation = "transferDecide" | "transferPick" | "transferShip" | "transferCancel" | "transferReceive" | "transferSettle";

interface Part {
  transfer: TransferDetail;
  acting: StockActing;
  /** Does a step; true when it is done or waits to be sent. */
  step: (operation: Operation, done: Done, facts?: Record<string, unknown>) => Promise<boolean>;
}

export function TransferView({ transfer, again }: { transfer: TransferDetail; again: () => Promise<void> }) {
  const { session } = useTill();
  const acting = useStockAct();
  const { t } = useTranslation();
  const step: Part["step"] = async (operation, done, facts = {}) => {
    const summary = t(`stock.transfers.done.${done}`, { number: transfer.number });
    const entry = await acting.act({ operation, facts: { transferId: transfer.id, ...facts }, subject: `transfer:${transfer.id}`, summary });
    if (!entry) return false;
    if (entry.state === "recorded") await again();
    else goStock("transfers");
    return true;
  };
  const part = { transfer, acting, step };
  const ours = transfer.origin.id === session.store.id;
  if (transfer.state === "PICKING" && ours) return <Ship {...part} />;
  if (transfer.state === "SHIPPED" && !ours) return <Arrive {...part} />;
  return <Overview {...part} ours={ours} />;
}

function Overview({ transfer, acting, step, ours }: Part & { ours: boolean }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const [settling, setSettling] = useState<ReceiptDifference | null>(null);
  const { busy, refusal } = acting;
  const open = ["REQUESTED", "APPROVED", "PICKING"].includes(transfer.state);
  const decides = ours && transfer.state === "REQUESTED";
  const picks = ours && transfer.state === "APPROVED";
  return (
    <>
      {transfer.note && <p className="card">{transfer.note}</p>}
      <ul className="stock-rows">
        {transfer.lines.map((line) => (
          <li className="stock-row" key={line.sku}>
            <span className="stock-row-main">
              <strong>{line.name}</strong>
              <span className="quiet">{line.sku}</span>
              <span className="quiet">{t("stock.transfers.quantities", { requested: line.requested, approved: line.approved, shipped: line.shipped, received: line.received + line.damaged })}</span>
              {line.serials.length > 0 && <bdi className="quiet">{line.serials.join(", ")}</bdi>}
            </span>
            {line.inTransit > 0 && <span className="state" data-status="waiting">{t("stock.transfers.inTransit", { count: line.inTransit })}</span>}
          </li>
        ))}
      </ul>
      {transfer.state === "RECEIVED" && (
        <Differences
          rows={transfer.differences.map((row) => ({ ...row, key: row.id }))}
          onOpen={mayWithStock(session, "authorise") ? (key) => setSettling(transfer.differences.find(({ id }) => id === key) ?? null) : undefined}
        />
      )}
      {refusal && !settling && <p className="form-error" role="alert">{refusal}</p>}
      {(transfer.state === "SHIPPED" || (open && !decides && !picks)) && <p className="quiet">{t("stock.transfers.waitingForOther")}</p>}
      <div className="row-end">
        {open && <Button variant="subtle" color="red" size="lg" disabled={busy} onClick={() => void step("transferCancel", "cancel")}>{t("stock.transfers.cancel")}</Button>}
        {decides && <Button variant="default" size="lg" disabled={busy} onClick={() => void step("transferDecide", "decideReject", { approve: false, lines: null })}>{t("stock.transfers.reject")}</Button>}
        {decides && <Button size="lg" loading={busy} onClick={() => void step("transferDecide", "decideApprove", { approve: true, lines: null })}>{t("stock.transfers.approve")}</Button>}
        {picks && <Button size="lg" loading={busy} onClick={() => void step("transferPick", "pick")}>{t("stock.transfers.pick")}</Button>}
      </div>
      {settling && (
        <Dialog title={t("stock.transfers.settleTitle")} onClose={() => setSettling(null)}>
          <p className="dialog-lead">{t("stock.transfers.settleLead", { name: settling.serial ?? settling.name })}</p>
          {refusal && <p className="form-error" role="alert">{refusal}</p>}
          <div className="choices">
            {(["ARRIVED", "NEVER_LEFT", "LOST"] as const).map((settlement) => (
              <button
                key={settlement} type="button" disabled={busy}
                onClick={() => void step("transferSettle", "settle", { differenceId: settling.id, settlement, quantity: null }).then((done) => { if (done) setSettling(null); })}
              >{t(`stock.transfers.settlement.${settlement}`)}</button>
            ))}
          </div>
        </Dialog>
      )}
    </>
  );
}

function Ship({ transfer, acting, step }: Part) {
  const { t } = useTranslation();
  const [count, setCount] = useDraft<Count>(`ship/${transfer.id}`, NOTHING);
  const expected: Expected[] = transfer.lines.filter((line) => line.approved > 0).map(({ sku, name, tracked, approved }) => ({ sku, name, tracked, expected: approved, serials: [] }));
  const pieces = piecesIn(count);
  const send = async () => {
    const lines = toInput(count).map(({ sku, quantity, serials }) => ({ sku, quantity, serials }));
    if (await step("transferShip", "ship", { lines })) setCount(null);
  };
  return (
    <>
      <Counting expected={expected} count={count} onChange={setCount} others={false} paused={acting.busy} />
      <div className="counting-end">
        {acting.refusal && <p className="form-error" role="alert">{acting.refusal}</p>}
        <Button className="pay" fullWidth loading={acting.busy} disabled={pieces === 0} onClick={() => void send()}>{t("stock.transfers.shipPieces", { count: pieces })}</Button>
        <Button variant="subtle" color="red" size="md" disabled={acting.busy} onClick={() => void step("transferCancel", "cancel")}>{t("stock.transfers.cancel")}</Button>
      </div>
    </>
  );
}

function Arrive({ transfer, acting, step }: Part) {
  const { t } = useTranslation();
  const [count, setCount] = useDraft<Count>(`arrive/${transfer.id}`, NOTHING);
  const [finishing, setFinishing] = useState(false);
  const expected: Expected[] = transfer.lines.filter((line) => line.inTransit > 0).map(({ sku, name, tracked, inTransit, serials }) => ({ sku, name, tracked, expected: inTransit, serials }));
  const pieces = piecesIn(count);
  const send = async (finish: boolean) => {
    if (!await step("transferReceive", "receive", { lines: toInput(count), finish })) return;
    setCount(null);
    setFinishing(false);
  };
  return (
    <>
      <Counting expected={expected} count={count} onChange={setCount} damage paused={finishing || acting.busy} />
      <div className="counting-end">
        <Button className="pay" fullWidth disabled={acting.busy} onClick={() => setFinishing(true)}>{t("stock.receive.review", { count: pieces })}</Button>
      </div>
      {finishing && (
        <FinishDialog
          pieces={pieces} differences={differencesOf(rowsOf(expected, count))} busy={acting.busy} refusal={acting.refusal} onClose={() => setFinishing(false)}
          onKeepOpen={() => void send(false)} onFinish={() => void send(true)}
        />
      )}
    </>
  );
}
