/** Opening a count: of the whole store, a room, a category, chosen articles, or the lines that cannot be right. */

import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { countScopes, type Scopes } from "../../../app/counts";
import { Dialog } from "../../../components/Dialog";
import { notify } from "../../../components/Notices";
import { type Choice, isReady, openFacts, SCOPES, WHOLE, withArticle, withoutArticle } from "../../../domain/countScope";
import { useClock } from "../../../hooks/useClock";
import { useTill } from "../../../hooks/useData";
import { useKept } from "../../../hooks/useKept";
import { goStock } from "../../../hooks/useRoute";
import { useScanner } from "../../../hooks/useScanner";
import { useStockAct } from "../../../hooks/useStockAct";
import { ArticleBox } from "../ArticleBox";
import { AsOf } from "../AsOf";
import { useRoomName } from "../Counts";

export function OpenCount({ onOpened }: { onOpened: () => Promise<void> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="md" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setOpen(true)}>{t("stock.counts.open.action")}</Button>
      {open && <OpenDialog onClose={() => setOpen(false)} onOpened={onOpened} />}
    </>
  );
}

function OpenDialog({ onClose, onOpened }: { onClose: () => void; onOpened: () => Promise<void> }) {
  const { t } = useTranslation();
  const { session } = useTill();
  const { moment } = useClock();
  const roomName = useRoomName();
  const { busy, refusal, act } = useStockAct();
  const scopes = useKept<Scopes>(`countScopes:${session.store.id}`, countScopes);
  const [choice, setChoice] = useState<Choice>(WHOLE);
  const [name, setName] = useState("");
  const room = scopes.value?.rooms.find(({ id }) => id === choice.roomId);
  const category = scopes.value?.categories.find(({ path }) => path === choice.category);
  const what = {
    ALL: "", PROBLEM_LINE: "", ROOM: room ? roomName(room) : "", CATEGORY: category?.names.at(-1) ?? "", SKUS: t("stock.counts.open.articles", { count: choice.skus.length }),
  }[choice.scope];
  const ready = isReady(choice);
  const proposed = ready ? t(`stock.counts.open.name.${choice.scope}`, { what, moment: moment(new Date().toISOString()) }) : "";
  const submit = async () => {
    const facts = openFacts(choice, name.trim() || proposed);
    const done = await act({ operation: "countOpen", facts, subject: null, summary: t("stock.counts.open.done", { name: facts.name }) });
    if (!done) return;
    onClose();
    await onOpened();
    const made = done.answer?.count as { id: string } | undefined;
    if (made) goStock("counts", made.id);
  };
  return (
    <Dialog title={t("stock.counts.open.title")} onClose={onClose}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) void submit(); }}>
        <div className="choices" role="group" aria-label={t("stock.counts.open.title")}>
          {SCOPES.map((scope) => <button key={scope} type="button" aria-pressed={choice.scope === scope} onClick={() => setChoice({ ...choice, scope })}>{t(`stock.counts.open.choice.${scope}`)}</button>)}
        </div>
        <p className="quiet">{t(`stock.counts.open.hint.${choice.scope}`)}</p>
        {(choice.scope === "ROOM" || choice.scope === "CATEGORY") && <AsOf {...scopes} />}
        {choice.scope === "ROOM" && scopes.value && (
          <NativeSelect
            size="lg" label={t("stock.counts.open.room")} value={choice.roomId} onChange={(event) => setChoice({ ...choice, roomId: event.currentTarget.value })}
            data={[{ value: "", label: t("stock.counts.open.chooseOne") }, ...scopes.value.rooms.map((one) => ({ value: one.id, label: roomName(one) }))]}
          />
        )}
        {choice.scope === "CATEGORY" && scopes.value && (
          <NativeSelect
            size="lg" label={t("stock.counts.open.category")} value={choice.category} onChange={(event) => setChoice({ ...choice, category: event.currentTarget.value })}
            data={[
              { value: "", label: t("stock.counts.open.chooseOne") },
              ...scopes.value.categories.map(({ path, names, skus }) => ({ value: path, label: t("stock.counts.open.categoryOption", { name: names.join(" › "), count: skus }) })),
            ]}
          />
        )}
        {choice.scope === "SKUS" && <Articles choice={choice} onChange={setChoice} />}
        <TextInput size="lg" label={t("stock.counts.open.nameLabel")} placeholder={proposed} value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} />
        {refusal && <p className="form-error" role="alert">{refusal}</p>}
        <Button type="submit" size="lg" loading={busy} disabled={!ready}>{t("stock.counts.open.submit")}</Button>
      </form>
    </Dialog>
  );
}

function Articles({ choice, onChange }: { choice: Choice; onChange: (choice: Choice) => void }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const scanned = (code: string) => {
    const item = index.findCode(code);
    if (item) onChange(withArticle(choice, item.sku));
    else notify("bad", t("scan.unknown", { code }));
  };
  useScanner(scanned);
  return (
    <div className="stack">
      <ArticleBox onChoose={(sku) => onChange(withArticle(choice, sku))} onCode={scanned} />
      {choice.skus.length > 0 && (
        <ul className="stock-rows" aria-label={t("stock.counts.open.choice.SKUS")}>
          {choice.skus.map((sku) => {
            const label = index.item(sku)?.name ?? sku;
            return (
              <li className="stock-row" key={sku}>
                <span className="stock-row-main"><strong>{label}</strong><span className="quiet">{sku}</span></span>
                <ActionIcon variant="subtle" color="gray" size={48} aria-label={t("stock.counts.open.drop", { name: label })} onClick={() => onChange(withoutArticle(choice, sku))}><IconX size={20} aria-hidden /></ActionIcon>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
