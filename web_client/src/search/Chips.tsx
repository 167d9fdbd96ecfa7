/** What has been chosen, each with its way back. */

import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useShop } from "../session/shop";
import { useMoney } from "../ui/Price";
import type { SearchPartProps } from "./ResultsPage";
import { type Refinement, toggleValue, withRefinement } from "./searchState";

export function Chips({ page, state, onChange }: SearchPartProps) {
  const { t } = useTranslation();
  const rangeText = useRangeText();
  if (!state.refinements.length) return null;
  const labelOf = (dimension: string, value: string) =>
    page.breadcrumbs.find((crumb) => crumb.dimension === dimension && crumb.value === value)?.label ??
    page.dimensions?.find(({ name }) => name === dimension)?.values.find((known) => known.value === value)?.label ??
    value;
  const chips = state.refinements.flatMap((refinement) => {
    const { dimension, values, minimum, maximum } = refinement;
    const chosen = values.map((value) => ({
      key: `${dimension}:${value}`,
      label: labelOf(dimension, value),
      without: toggleValue(state, dimension, value),
    }));
    if (minimum === undefined && maximum === undefined) return chosen;
    const label = rangeText(refinement);
    return [...chosen, { key: `${dimension}..`, label, without: withRefinement(state, { dimension, values }) }];
  });
  return (
    <ul className="chips" aria-label={t("results.chosen")}>
      {chips.map(({ key, label, without }) => (
        <li key={key}>
          <button type="button" className="chip" onClick={() => onChange(without)} aria-label={t("results.remove", { label })}>
            {label} <IconX size={16} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="link-button" onClick={() => onChange({ ...state, refinements: [] })}>
          {t("results.clearFilters")}
        </button>
      </li>
    </ul>
  );
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
