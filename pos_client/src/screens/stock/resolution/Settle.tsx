/** Settling, guided: the ways that are open with what each will do, the numbers that it needs, how the person knows, and a last look. */

import { Button, TextInput } from "@mantine/core";
import { IconArrowRight, IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { namingEffect, type Case } from "../../../app/resolution";
import { Dialog } from "../../../components/Dialog";
import { notify } from "../../../components/Notices";
import { serialKindOf } from "../../../domain/codes";
import { type Choice, choose, chosenOf, missing, type Proposal, settleFacts, UNDECIDED, withNumber, withoutNumber } from "../../../domain/resolution";
import { useAnswer } from "../../../hooks/useAnswer";
import { useTill } from "../../../hooks/useData";
import { useDraft } from "../../../hooks/useKept";
import { goStock } from "../../../hooks/useRoute";
import { useScanner } from "../../../hooks/useScanner";
import type { StockActing } from "../../../hooks/useStockAct";
import { Numbers } from "../Adjust";

const MAX_REASON = 200;

export function Settle({ found, acting: { act, busy, refusal }, again }: { found: Case; acting: StockActing; again: () => Promise<void> }) {
  const { t } = useTranslation();
  const { index } = useTill();
  const { contradiction, proposals } = found;
  const [choice, setChoice] = useDraft<Choice>(`resolve/${contradiction.id}`, UNDECIDED);
  const [confirming, setConfirming] = useState(false);
  const chosen = chosenOf(choice, proposals);
  const item = index.item(contradiction.sku);
  const kind = item?.serialised ? serialKindOf(item.kind) : null;
  const take = (code: string) => {
    if (!chosen || chosen.numbers === 0) return;
    const next = withNumber(choice, chosen, code, kind);
    if (typeof next !== "string") setChoice(next);
    else if (next === "twice" || next === "enough") notify("warning", t(`stock.resolution.number.${next}`, { serial: code, count: chosen.numbers }));
    else notify("bad", t("stock.counting.wrongSerial", { code, name: contradiction.name, problem: t(`serial.problem.${next}`) }));
  };
  useScanner(take, (chosen?.numbers ?? 0) > 0 && !confirming);
  const named = chosen !== null && chosen.numbers > 0 && choice.serials.length === chosen.numbers;
  const effect = useAnswer(named ? `${contradiction.id}/${choice.serials.join()}` : null, () => namingEffect(contradiction.id, [...choice.serials]));
  const lines = named ? effect.value ?? [] : chosen?.effect ?? [];
  const gap = missing(choice, proposals);
  const settle = async () => {
    const summary = t("stock.resolution.done", { name: contradiction.serial ?? contradiction.name });
    const entry = await act({ operation: "contradictionSettle", facts: settleFacts(contradiction.id, choice), subject: `contradiction:${contradiction.id}`, summary });
    if (!entry) {
      // What spoke against it may have changed the ways that are open.
      await again();
      return;
    }
    setChoice(null);
    goStock("resolution");
  };
  if (proposals.length === 0) return <p className="quiet-warning" role="status">{t("stock.resolution.noWay")}</p>;
  return (
    <section className="card stack" aria-label={t("stock.resolution.how")}>
      <h2 className="lookup-title">{t("stock.resolution.how")}</h2>
      <div className="ways" role="radiogroup" aria-label={t("stock.resolution.how")}>
        {proposals.map((proposal) => (
          <Way key={proposal.settlement} proposal={proposal} chosen={proposal === chosen} isTold={proposal === chosen && named && effect.value !== undefined} onChoose={() => setChoice(choose(choice, proposal.settlement))} />
        ))}
      </div>
      {chosen && chosen.numbers > 0 && (
        <div className="stack">
          <p>{t("stock.resolution.number.wanted", { count: chosen.numbers })}</p>
          <Numbers serials={[...choice.serials]} onAdd={take} onDrop={(serial) => setChoice(withoutNumber(choice, serial))} />
          {named && effect.value && <Effect lines={effect.value} />}
          {named && effect.problem && <p className={effect.problem.kind === "refused" ? "form-error" : "quiet-warning"} role="alert">{effect.problem.kind === "refused" ? effect.problem.message : t("stock.resolution.effectOffline")}</p>}
        </div>
      )}
      <TextInput
        size="lg" label={t("stock.resolution.reason")} description={t("stock.resolution.reasonHint")} value={choice.reason} maxLength={MAX_REASON} autoComplete="off"
        onChange={(event) => setChoice({ ...choice, reason: event.currentTarget.value })}
      />
      {refusal && !(confirming && chosen) && <p className="form-error" role="alert">{refusal}</p>}
      {gap && <p className="quiet" role="status">{t(`stock.resolution.missing.${gap}`)}</p>}
      <Button size="xl" disabled={gap !== null || effect.problem?.kind === "refused"} leftSection={<IconCheck size={24} aria-hidden />} onClick={() => setConfirming(true)}>{t("stock.resolution.settle")}</Button>
      {confirming && chosen && (
        <Dialog title={t("stock.resolution.confirmTitle")} onClose={() => setConfirming(false)}>
          <div className="stack">
            <p className="dialog-lead">{t(`stock.resolution.way.${chosen.settlement}`)}</p>
            {lines.length > 0 ? <Effect lines={lines} /> : <p className="quiet-warning">{t("stock.resolution.effectOffline")}</p>}
            <p className="quiet">{t("stock.resolution.final")}</p>
            {refusal && <p className="form-error" role="alert">{refusal}</p>}
            <div className="row-end">
              <Button variant="default" size="lg" disabled={busy} onClick={() => setConfirming(false)}>{t("action.back")}</Button>
              <Button size="lg" loading={busy} disabled={gap !== null} onClick={() => void settle()} data-autofocus>{t("stock.resolution.confirm")}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </section>
  );
}

interface WayProps {
  proposal: Proposal;
  chosen: boolean;
  /** What it does is shown below, by the pieces that are named. */
  isTold: boolean;
  onChoose: () => void;
}

function Way({ proposal, chosen, isTold, onChoose }: WayProps) {
  const { t } = useTranslation();
  return (
    <label className="way" data-chosen={chosen}>
      <input type="radio" name="way" checked={chosen} onChange={onChoose} />
      <span className="stock-row-main">
        <strong>{t(`stock.resolution.way.${proposal.settlement}`)}</strong>
        {proposal.effect.length > 0 ? <Effect lines={proposal.effect} /> : !isTold && <span className="quiet">{t("stock.resolution.effectLater")}</span>}
      </span>
    </label>
  );
}

function Effect({ lines }: { lines: readonly string[] }) {
  return <ul className="effect">{lines.map((line) => <li key={line}><IconArrowRight size={16} aria-hidden /><span>{line}</span></li>)}</ul>;
}
