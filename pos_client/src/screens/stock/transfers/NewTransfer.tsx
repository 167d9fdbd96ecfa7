/** A new transfer: articles by search or scan, and the store that has them, or that gets them. */

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { findElsewhere, storesAround } from "../../../app/till";
import { type Count, NOTHING, piecesIn, toInput } from "../../../domain/pieces";
import { useAnswer } from "../../../hooks/useAnswer";
import { useTill } from "../../../hooks/useData";
import { useDraft } from "../../../hooks/useKept";
import { goStock } from "../../../hooks/useRoute";
import { useStockAct } from "../../../hooks/useStockAct";
import { Counting } from "../counting/Counting";
import { StockFrame } from "../Stock";

interface Wanted { storeId: string; note: string; count: Count }

export function NewTransfer({ pushed }: { pushed: boolean }) {
  const { t } = useTranslation();
  const { session, catalogue } = useTill();
  const [wanted, setWanted] = useDraft<Wanted>(`transfer/${pushed ? "send" : "ask"}`, { storeId: "", note: "", count: NOTHING });
  const { act, busy, refusal } = useStockAct();
  const { country } = catalogue.channel;
  const stores = useAnswer(`stores/${country}`, () => storesAround(session.store, country));
  const lines = toInput(wanted.count).map(({ sku, quantity }) => ({ sku, quantity }));
  const [first] = lines;
  const having = useAnswer(first && !pushed ? `having/${first.sku}` : null, () => findElsewhere(session.store, country, first ? [first.sku] : []));
  const has = new Map(having.value?.get(first?.sku ?? "")?.map(({ name, quantity }) => [name, quantity]));
  const others = (stores.value ?? []).filter(({ id }) => id !== session.store.id);
  const sorted = others.toSorted((one, two) => Number(has.has(two.name)) - Number(has.has(one.name)));
  const pieces = piecesIn(wanted.count);
  const send = async () => {
    const facts = { otherStoreId: wanted.storeId, pushed, lines, note: wanted.note.trim() || null };
    const entry = await act({ operation: "transferRequest", facts, subject: null, summary: t(pushed ? "stock.transfers.done.send" : "stock.transfers.done.request") });
    if (!entry) return;
    setWanted(null);
    goStock("transfers");
  };
  return (
    <StockFrame title={t(pushed ? "stock.transfers.send" : "stock.transfers.request")} back="transfers">
      <Counting expected={[]} count={wanted.count} onChange={(count) => setWanted({ ...wanted, count })} paused={busy} quantities />
      <div className="counting-head">
        <NativeSelect
          size="md" label={t("stock.transfers.store")} value={wanted.storeId} onChange={(event) => setWanted({ ...wanted, storeId: event.currentTarget.value })}
          data={[{ value: "", label: t("stock.transfers.chooseStore") }, ...sorted.map(({ id, name }) => ({ value: id, label: t("stock.transfers.has", { store: name, count: has.get(name) ?? 0 }) }))]}
          description={stores.problem ? t("stock.transfers.needsNetwork") : undefined}
        />
        <TextInput size="md" label={t("stock.transfers.noteLabel")} value={wanted.note} maxLength={200} onChange={(event) => setWanted({ ...wanted, note: event.currentTarget.value })} />
      </div>
      {refusal && <p className="form-error" role="alert">{refusal}</p>}
      <div className="counting-end">
        <Button className="pay" fullWidth loading={busy} disabled={pieces === 0 || wanted.storeId === ""} onClick={() => void send()}>
          {pushed ? t("stock.transfers.sendPieces", { count: pieces }) : t("stock.transfers.requestPieces", { count: pieces })}
        </Button>
      </div>
    </StockFrame>
  );
}
