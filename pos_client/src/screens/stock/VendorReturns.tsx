/** Returns to vendors: what waits in quarantine, and a new one set aside by scanning. */

import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconTruckReturn } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { vendorReturns, type VendorReturn } from "../../app/stock";
import { Segments } from "../../components/Segments";
import { type Count, NOTHING, piecesIn, toInput } from "../../domain/pieces";
import { useClock } from "../../hooks/useClock";
import { useTill } from "../../hooks/useData";
import { useDraft, useKept } from "../../hooks/useKept";
import { goStock, stockRoute } from "../../hooks/useRoute";
import { useStockAct } from "../../hooks/useStockAct";
import { AsOf } from "./AsOf";
import { Counting } from "./counting/Counting";
import { StockFrame } from "./Stock";

export function VendorReturns({ id }: { id: string | null }) {
  return id === "new" ? <Prepare /> : <List />;
}

function List() {
  const { t } = useTranslation();
  const { session } = useTill();
  const returns = useKept(`returns/${session.store.id}`, vendorReturns);
  const { value, again } = returns;
  return (
    <StockFrame title={t("stock.screen.returns")}>
      <AsOf {...returns} />
      {value?.length === 0 && <div className="nothing"><IconTruckReturn size={44} stroke={1.2} aria-hidden /><p>{t("stock.returns.none")}</p></div>}
      {value && value.length > 0 && <ul className="stock-rows">{value.map((found) => <Row key={found.id} found={found} again={again} />)}</ul>}
      <div className="row-end">
        <Button component="a" href={stockRoute("returns", "new")} size="lg" leftSection={<IconPlus size={20} aria-hidden />}>{t("stock.returns.new")}</Button>
      </div>
    </StockFrame>
  );
}

function Row({ found, again }: { found: VendorReturn; again: () => Promise<void> }) {
  const { t } = useTranslation();
  const { moment } = useClock();
  const { act, busy, refusal } = useStockAct();
  const step = async (what: "ship" | "cancel") => {
    const operation = what === "ship" ? "vendorReturnShip" : "vendorReturnCancel";
    const summary = t(`stock.returns.done.${what}`, { number: found.number });
    if (await act({ operation, facts: { returnId: found.id }, subject: `return:${found.id}`, summary })) await again();
  };
  return (
    <li className="stock-row">
      <span className="stock-row-main">
        <strong>{found.vendor}</strong>
        <span className="quiet">{found.number}{found.authorisation ? ` · ${found.authorisation}` : ""} · {moment(found.createdAt)}</span>
        {found.lines.map((line) => <span key={`${line.sku}/${line.serials.join()}`}>{line.quantity} × {line.name}{line.serials.length > 0 && <bdi className="quiet"> {line.serials.join(", ")}</bdi>}</span>)}
      </span>
      <span className="state" data-status={found.state === "PREPARED" ? "settle" : found.state === "SHIPPED" ? "recorded" : "none"}>{t(`stock.returns.state.${found.state}`)}</span>
      {refusal && <p className="form-error" role="alert">{refusal}</p>}
      {found.state === "PREPARED" && (
        <div className="row-end">
          <Button variant="default" size="md" disabled={busy} onClick={() => void step("cancel")}>{t("stock.returns.cancel")}</Button>
          <Button size="md" loading={busy} onClick={() => void step("ship")}>{t("stock.returns.ship")}</Button>
        </div>
      )}
    </li>
  );
}

interface Prepared { vendor: string; authorisation: string; quarantine: boolean; count: Count }

function Prepare() {
  const { t } = useTranslation();
  const { session } = useTill();
  const [draft, setDraft] = useDraft<Prepared>(`return/${session.store.id}`, { vendor: "", authorisation: "", quarantine: true, count: NOTHING });
  const { act, busy, refusal } = useStockAct();
  const pieces = piecesIn(draft.count);
  const ready = pieces > 0 && draft.vendor.trim() !== "";
  const send = async () => {
    const lines = toInput(draft.count).map(({ sku, quantity, serials }) => ({ sku, quantity, serials, fromQuarantine: draft.quarantine }));
    const facts = { vendor: draft.vendor, authorisation: draft.authorisation.trim() || null, note: null, lines };
    const entry = await act({ operation: "vendorReturnPrepare", facts, subject: null, summary: t("stock.returns.done.prepare", { vendor: draft.vendor }) });
    if (!entry) return;
    setDraft(null);
    goStock("returns");
  };
  return (
    <StockFrame title={t("stock.returns.new")} back="returns">
      <div className="counting-head">
        <TextInput size="md" label={t("stock.returns.vendor")} value={draft.vendor} maxLength={100} autoComplete="off" onChange={(event) => setDraft({ ...draft, vendor: event.currentTarget.value })} />
        <TextInput size="md" label={t("stock.returns.authorisation")} value={draft.authorisation} maxLength={64} autoComplete="off" onChange={(event) => setDraft({ ...draft, authorisation: event.currentTarget.value })} />
      </div>
      <Segments
        label={t("stock.returns.from")} value={draft.quarantine ? "quarantine" : "floor"} onChange={(value) => setDraft({ ...draft, quarantine: value === "quarantine" })}
        options={[{ value: "quarantine", label: t("stock.returns.quarantine") }, { value: "floor", label: t("stock.returns.floor") }]}
      />
      <Counting expected={[]} count={draft.count} onChange={(count) => setDraft({ ...draft, count })} paused={busy} />
      <div className="counting-end">
        {!ready && <p className="quiet">{t("stock.returns.vendorFirst")}</p>}
        {refusal && <p className="form-error" role="alert">{refusal}</p>}
        <Button className="pay" fullWidth loading={busy} disabled={!ready} onClick={() => void send()}>{t("stock.returns.prepare", { count: pieces })}</Button>
      </div>
    </StockFrame>
  );
}
