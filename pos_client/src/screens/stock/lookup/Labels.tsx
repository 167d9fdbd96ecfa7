/** Labels for the shelf and for a single unit, one to many copies, by the browser's printer. */

import { ActionIcon, Button, NumberInput } from "@mantine/core";
import { IconMinus, IconPlus, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { StockArticle, StockUnit } from "../../../app/stock";
import { useMoney } from "../../../components/Amount";
import { Barcode } from "../../../components/Barcode";
import { Dialog } from "../../../components/Dialog";
import { parseAmount } from "../../../domain/money";
import { useTill } from "../../../hooks/useData";

/** A roll's worth: more at once is a slip of the finger. */
const MOST = 200;

interface Props {
  article: StockArticle;
  /** Null for a shelf label. */
  unit: StockUnit | null;
  onClose: () => void;
}

export function LabelDialog({ article, unit, onClose }: Props) {
  const { t } = useTranslation();
  const [copies, setCopies] = useState(1);
  const set = (next: number) => setCopies(Math.min(MOST, Math.max(1, Math.trunc(next) || 1)));
  return (
    <Dialog title={t(unit ? "stock.label.unitTitle" : "stock.label.shelfTitle")} onClose={onClose} size={460}>
      <div className="stack">
        <div className="label-preview"><Label article={article} unit={unit} /></div>
        <div className="label-copies">
          <ActionIcon variant="default" size={52} aria-label={t("stock.label.fewer")} disabled={copies <= 1} onClick={() => set(copies - 1)}><IconMinus size={22} aria-hidden /></ActionIcon>
          <NumberInput size="lg" label={t("stock.label.copies")} value={copies} min={1} max={MOST} allowDecimal={false} allowNegative={false} hideControls inputMode="numeric" onChange={(value) => set(Number(value))} />
          <ActionIcon variant="default" size={52} aria-label={t("stock.label.more")} disabled={copies >= MOST} onClick={() => set(copies + 1)}><IconPlus size={22} aria-hidden /></ActionIcon>
        </div>
        <Button className="pay" fullWidth leftSection={<IconPrinter size={22} aria-hidden />} onClick={() => window.print()}>{t("stock.label.printCount", { count: copies })}</Button>
      </div>
      {createPortal(
        <div className="print-only labels">{Array.from({ length: copies }, (_, index) => <Label key={index} article={article} unit={unit} />)}</div>, document.body,
      )}
    </Dialog>
  );
}

function Label({ article, unit }: { article: StockArticle; unit: StockUnit | null }) {
  const { t } = useTranslation();
  const { catalogue } = useTill();
  const money = useMoney(article.price?.currency ?? catalogue.channel.currency);
  const code = unit ? unit.identifier : article.barcode ?? article.sku;
  const kind = unit?.identifiers.find(({ value }) => value === unit.identifier)?.type;
  return (
    <article className="label">
      <strong className="label-name">{article.name}</strong>
      {!unit && article.price && <span className="label-price">{money(parseAmount(article.price.amount, article.price.currency))}</span>}
      <Barcode text={code} />
      <span className="label-code">{kind && `${t(`stock.number.${kind}`)} `}{code}</span>
      {code !== article.sku && <span className="label-sku">{article.sku}</span>}
    </article>
  );
}
