/** The way on when nothing is found: without one of the filters, without all of them, anew, or by what there is most of. */

import { Button } from "@mantine/core";
import { IconSearchOff, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Chosen, FACETS, type FacetName, HERE } from "../domain/facets";
import { useTill } from "../hooks/useData";

/** Categories to go on with where words found nothing. */
const CATEGORIES = 6;

interface Props {
  text: string;
  chosen: Chosen;
  onText: (text: string) => void;
  onChosen: (chosen: Chosen) => void;
}

export function NothingFound({ text, chosen, onText, onChosen }: Props) {
  const { t } = useTranslation();
  const { index } = useTill();
  const named = (name: FacetName) => (name === "stock" ? t("facet.stock") : (chosen[name] ?? []).filter((value) => value !== HERE).join(", "));
  const ways = FACETS.filter((name) => chosen[name]?.length).flatMap((name) => {
    const without = { ...chosen, [name]: [] };
    const { total } = index.search(text, without, 0);
    return total > 0 ? [{ name, without, total }] : [];
  });
  const isText = text.trim() !== "";
  const known = useMemo(() => index.categories().slice(0, CATEGORIES), [index]);
  const categories = isText ? known : [];
  const browse = (category: string) => {
    onText("");
    onChosen({ category: [category] });
  };
  const isFiltered = FACETS.some((name) => chosen[name]?.length);
  return (
    <div className="nothing" role="status">
      <IconSearchOff size={44} stroke={1.2} aria-hidden />
      <p>{!isText ? t("search.nothingChosen") : t("search.nothing", { text: text.trim() })}</p>
      <div className="nothing-ways">
        {ways.map(({ name, without, total }) => (
          <Button key={name} size="md" variant="light" leftSection={<IconX size={18} aria-hidden />} onClick={() => onChosen(without)}>
            {t("search.without", { label: named(name), count: total })}
          </Button>
        ))}
        {isFiltered && <Button size="md" variant="default" onClick={() => onChosen({})}>{t("facet.clear")}</Button>}
        {isText && <Button size="md" variant="default" onClick={() => onText("")}>{t("search.clear")}</Button>}
      </div>
      {categories.length > 0 && (
        <div className="nothing-ways" role="group" aria-label={t("search.categories")}>
          {categories.map(({ value, count }) => <Button key={value} size="md" variant="light" onClick={() => browse(value)}>{value} ({count})</Button>)}
        </div>
      )}
    </div>
  );
}
