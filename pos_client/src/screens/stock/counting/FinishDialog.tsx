/** The end of a count: what differs, and whether more will come. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../../components/Dialog";
import type { DifferenceRow } from "../../../domain/pieces";
import { Differences } from "./Differences";

interface Props {
  pieces: number;
  differences: readonly DifferenceRow[];
  busy: boolean;
  refusal: string | null;
  /** Null where everything comes at once. */
  onKeepOpen: (() => void) | null;
  onFinish: () => void;
  onClose: () => void;
}

export function FinishDialog({ pieces, differences, busy, refusal, onKeepOpen, onFinish, onClose }: Props) {
  const { t } = useTranslation();
  const rows = differences.map((row) => ({ ...row, key: `${row.sku}/${row.kind}` }));
  return (
    <Dialog title={t("stock.finish.title")} onClose={onClose} size={620}>
      <div className="stack">
        <p className="dialog-lead">{t("stock.finish.pieces", { count: pieces })}</p>
        <Differences rows={rows} />
        {refusal && <p className="form-error" role="alert">{refusal}</p>}
        <div className="row-end">
          {onKeepOpen && <Button variant="default" size="lg" disabled={busy || pieces === 0} onClick={onKeepOpen}>{t("stock.finish.keepOpen")}</Button>}
          <Button size="lg" loading={busy} onClick={onFinish} data-autofocus>{t("stock.finish.finish")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
