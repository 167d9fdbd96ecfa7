/** Finding an article: scanned, or searched in the device's own catalogue. */

import { TextInput } from "@mantine/core";
import { IconBarcode } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { looksLikeCode } from "../../domain/codes";
import { useTill } from "../../hooks/useData";

const SHOWN = 8;

interface Props {
  onChoose: (sku: string) => void;
  /** A code that was typed out. */
  onCode: (code: string) => void;
}

export function ArticleBox({ onChoose, onCode }: Props) {
  const { t } = useTranslation();
  const { index } = useTill();
  const [text, setText] = useState("");
  const choose = (sku: string) => { setText(""); onChoose(sku); };
  const items = text.trim() === "" ? [] : index.search(text, {}, SHOWN).hits.flatMap(({ group }) => group.items).filter(matching(text)).slice(0, SHOWN);
  return (
    <div className="stack">
      <TextInput
        size="lg" type="search" label={t("stock.adjust.article")} placeholder={t("search.placeholder")} value={text} maxLength={200} autoComplete="off" spellCheck={false}
        leftSection={<IconBarcode size={24} aria-hidden />} onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          const found = index.findCode(text);
          const [only] = items;
          if (found) choose(found.sku);
          else if (items.length === 1 && only) choose(only.sku);
          else if (looksLikeCode(text)) {
            setText("");
            onCode(text.trim());
          }
        }}
      />
      {text.trim() !== "" && items.length === 0 && <p className="quiet" role="status">{t("search.nothing", { text: text.trim() })}</p>}
      {items.length > 0 && (
        <ul className="stock-rows" aria-label={t("search.results")}>
          {items.map((item) => (
            <li key={item.sku}>
              <button type="button" className="stock-row counting-line" onClick={() => choose(item.sku)}>
                <span className="stock-row-main"><strong>{item.name}</strong><span className="quiet">{item.sku}</span></span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Of a found product the variants that have the words, if there are any. */
function matching(text: string): (item: { name: string; sku: string }, index: number, all: { name: string; sku: string }[]) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const has = ({ name, sku }: { name: string; sku: string }) => words.every((word) => `${name} ${sku}`.toLowerCase().includes(word));
  return (item, _index, all) => !all.some(has) || has(item);
}
