/** Asks for the serial number of one unit: scanned, or typed where a label does not scan. */

import { Button, TextInput } from "@mantine/core";
import { IconScan } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { RequestFailure } from "../api/client";
import { checkForm, checkUnit, problemText, type UnitCheck } from "../app/serials";
import { serialKindOf } from "../domain/codes";
import { variantDetail } from "../domain/groups";
import type { AddedSerial } from "../domain/ticket";
import { useOnline, useTill } from "../hooks/useData";
import { useScanner } from "../hooks/useScanner";
import type { CatalogueItem } from "../store/db";
import { Dialog } from "./Dialog";

interface Props {
  item: CatalogueItem;
  /** A unit that an order reserved may be picked: then form alone is checked here, the rest by the server. */
  forPickup?: boolean;
  onAccept: (serial: AddedSerial) => void;
  onClose: () => void;
}

export function SerialDialog({ item, forPickup = false, onAccept, onClose }: Props) {
  const { t } = useTranslation();
  const { index, catalogue, session } = useTill();
  const online = useOnline();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const kind = serialKindOf(item.kind);
  const group = index.group(item.productId);

  const check = async (raw: string) => {
    if (busy) return;
    setBusy(true);
    setText(raw);
    try {
      const place = { channel: catalogue.channel.slug, storeId: session.store.id };
      const result: UnitCheck = forPickup ? checkForm(raw, item, index) : await checkUnit(raw, item, index, place);
      if (result.ok) onAccept(result);
      else setProblem(problemText(t, result));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  useScanner((code) => void check(code));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void check(text);
  };
  return (
    <Dialog title={t(`serial.title.${kind}`)} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <div className="serial-product">
          <strong>{group?.title ?? item.name}</strong>
          <span>{group ? variantDetail(item, group) : item.sku}</span>
        </div>
        <div className="scan-hint"><IconScan size={40} stroke={1.4} aria-hidden /><p>{t(`serial.hint.${kind}`)}</p></div>
        <TextInput
          size="lg" label={t(`serial.label.${kind}`)} value={text} error={problem} autoComplete="off" data-autofocus
          inputMode={kind === "SERIAL" ? "text" : "numeric"} onChange={(event) => { setText(event.currentTarget.value); setProblem(null); }}
        />
        {!online && <p className="quiet-warning">{t("serial.offline")}</p>}
        <div className="row-end">
          <Button variant="default" size="lg" onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" size="lg" loading={busy}>{t("serial.add")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
