/** Why a pickup cannot be handed over here: one of the usual reasons, or the clerk's own words. */

import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Dialog";

interface Props {
  onReject: (reason: string) => Promise<void>;
  onClose: () => void;
}

const REASONS = ["notFound", "damaged", "storeClosed", "other"] as const;

export function RejectDialog({ onReject, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<(typeof REASONS)[number] | null>(null);
  const [words, setWords] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = chosen !== null && (chosen !== "other" || words.trim().length >= 3);
  const reject = async () => {
    if (!chosen || busy) return;
    setBusy(true);
    try {
      await onReject(chosen === "other" ? words.replace(/\s+/g, " ").trim() : t(`reject.${chosen}`));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("reject.title")} onClose={onClose}>
      <div className="stack">
        <p className="dialog-lead">{t("reject.lead")}</p>
        <div className="choices" role="group" aria-label={t("reject.title")}>
          {REASONS.map((reason) => (
            <button key={reason} type="button" aria-pressed={chosen === reason} onClick={() => setChosen(reason)}>{t(`reject.${reason}`)}</button>
          ))}
        </div>
        {chosen === "other" && <Textarea size="md" label={t("reject.words")} value={words} maxLength={300} autosize minRows={2} onChange={(event) => setWords(event.currentTarget.value)} />}
        <div className="row-end">
          <Button variant="default" size="lg" onClick={onClose}>{t("action.cancel")}</Button>
          <Button color="red.9" size="lg" disabled={!ready} loading={busy} onClick={() => void reject()}>{t("reject.submit")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
