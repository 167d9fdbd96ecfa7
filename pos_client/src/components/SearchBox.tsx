/** The one box for typing and scanning, with the catalogue's categories under it. */

import { CloseButton, TextInput } from "@mantine/core";
import { IconBarcode } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTill } from "../hooks/useData";

interface Props {
  text: string;
  onChange: (text: string) => void;
  onSubmit: () => void;
  category: string | null;
  onCategory: (category: string | null) => void;
}

export function SearchBox({ text, onChange, onSubmit, category, onCategory }: Props) {
  const { t } = useTranslation();
  const { index } = useTill();
  return (
    <div className="search">
      <form role="search" onSubmit={(event) => { event.preventDefault(); onSubmit(); }}>
        <TextInput
          size="lg" type="search" aria-label={t("search.label")} placeholder={t("search.placeholder")} value={text} autoComplete="off"
          leftSection={<IconBarcode size={24} aria-hidden />} onChange={(event) => onChange(event.currentTarget.value)}
          rightSection={text && <CloseButton size={44} aria-label={t("search.clear")} onClick={() => onChange("")} />} rightSectionWidth={48}
        />
      </form>
      <div className="chips" role="group" aria-label={t("search.categories")}>
        <button type="button" aria-pressed={category === null} onClick={() => onCategory(null)}>{t("search.all")}</button>
        {index.categories.map((name) => (
          <button key={name} type="button" aria-pressed={category === name} onClick={() => onCategory(category === name ? null : name)}>{name}</button>
        ))}
      </div>
    </div>
  );
}
