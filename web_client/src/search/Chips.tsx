/** What has been asked for and chosen, each with its way back. */

import { useMoney } from "@shared/useMoney";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useShop } from "../session/shop";
import { type Refinement, type SearchState, toggleValue, withRefinement, withText } from "./searchState";
import type { SearchPage } from "./useResults";

interface ChipsProps {
  page: SearchPage | undefined;
  state: SearchState;
  onChange: (state: SearchState) => void;
}

export interface Choice {
  key: string;
  label: string;
  without: SearchState;
}

/** Their labels say by themselves what they are about. */
const SELF_EVIDENT = new Set(["category", "brand", "kind", "in_store", "at_address", "price"]);

/** Chips where something is chosen; the words alone are in the heading and in the field already. */
export function Chips({ page, state, onChange }: ChipsProps) {
  const { t } = useTranslation();
  const choices = useChoices(page, state);
  if (!choices.length) return null;
  return (
    <ul className="chips" aria-label={t("results.chosen")}>
      {state.text && (
        <li>
          <button type="button" className="chip chip-text" onClick={() => onChange(withText(state, ""))} aria-label={t("results.removeText", { text: state.text })}>
            <IconSearch size={16} aria-hidden /> <span>{t("results.titleFor", { text: state.text })}</span> <IconX size={16} aria-hidden />
          </button>
        </li>
      )}
      {choices.map(({ key, label, without }) => (
        <li key={key}>
          <button type="button" className="chip" onClick={() => onChange(without)} aria-label={t("results.remove", { label })}>
            <span>{label}</span> <IconX size={16} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="link-button" onClick={() => onChange({ text: "", refinements: [], sort: state.sort })}>
          {t("results.clearAll")}
        </button>
      </li>
    </ul>
  );
}

/** Every choice with its name and the search without it. */
export function useChoices(page: SearchPage | undefined, state: SearchState): Choice[] {
  const { t } = useTranslation();
  const rangeText = useRangeText();
  const dimensionOf = (name: string) => page?.dimensions?.find((dimension) => dimension.name === name);
  const named = (dimension: string, label: string) => {
    const about = SELF_EVIDENT.has(dimension) ? undefined : dimensionOf(dimension)?.label;
    return about ? t("results.chip", { dimension: about, value: label }) : label;
  };
  const labelOf = (dimension: string, value: string) =>
    page?.breadcrumbs.find((crumb) => crumb.dimension === dimension && crumb.value === value)?.label ??
    dimensionOf(dimension)?.values.find((known) => known.value === value)?.label ??
    value;
  return state.refinements.flatMap((refinement) => {
    const { dimension, values, minimum, maximum } = refinement;
    const chosen = values.map((value) => ({
      key: `${dimension}:${value}`,
      label: named(dimension, labelOf(dimension, value)),
      without: toggleValue(state, dimension, value),
    }));
    if (minimum === undefined && maximum === undefined) return chosen;
    const label = named(dimension, rangeText(refinement));
    return [...chosen, { key: `${dimension}..`, label, without: withRefinement(state, { dimension, values }) }];
  });
}

function useRangeText(): (refinement: Refinement) => string {
  const { t } = useTranslation();
  const money = useMoney();
  const { currency } = useShop();
  return ({ dimension, minimum, maximum }) => {
    const isPrice = dimension.includes("price");
    const show = (value: string) => (isPrice ? money({ amount: value, currency }) : value);
    if (minimum !== undefined && maximum !== undefined) {
      return t("results.between", { minimum: show(minimum), maximum: show(maximum) });
    }
    return minimum !== undefined ? t("results.atLeast", { value: show(minimum) }) : t("results.atMost", { value: show(maximum ?? "") });
  };
}
