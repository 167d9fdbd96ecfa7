/** The values of a dimension as boxes to tick: those chosen never fold away, those without products are greyed. */

import { Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isColour, swatchOf } from "../product/choices";
import type { FacetProps } from "./Facets";
import { chosenValues, toggleValue } from "./searchState";
import type { DimensionValue } from "./useResults";

/** Shown before the reader asks for the rest, where merchandisers have not said how many. */
const FEW = 7;
/** From here on a list is searched rather than read. */
const MANY = 14;

export function ValueList({ dimension, state, onChange }: FacetProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState("");
  // The address says what is chosen: the box answers at once, the counts follow with the answer.
  const chosen = chosenValues(state, dimension.name);
  const few = dimension.valueLimit ?? FEW;
  const shown = valuesToShow(dimension.values, chosen, all, wanted, few);
  const find = t("results.findIn", { label: dimension.label });
  return (
    <>
      {all && dimension.values.length > MANY && (
        <TextInput className="facet-find" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} type="search" aria-label={find}
          placeholder={find} leftSection={<IconSearch size={16} aria-hidden />} maxLength={60} />
      )}
      <ul className="facet-values">
        {shown.map((value) => (
          <FacetValue key={value.value} value={value} swatch={isColour(dimension.name) ? (swatchOf(value.value) ?? swatchOf(value.label)) : null}
            isChosen={chosen.includes(value.value)} onToggle={() => onChange(toggleValue(state, dimension.name, value.value))} />
        ))}
      </ul>
      {wanted && shown.length === 0 && <p className="facet-none" role="status">{t("results.noValue", { text: wanted })}</p>}
      {dimension.values.length > few && (
        <button type="button" className="link-button facet-more" aria-expanded={all} onClick={() => { setAll(!all); setWanted(""); }}>
          {all ? t("results.fewer") : t("results.allValues", { count: dimension.values.length })}
        </button>
      )}
    </>
  );
}

/** The values of a folded, opened or searched list. */
export function valuesToShow(values: readonly DimensionValue[], chosen: readonly string[], all: boolean, wanted: string, few = FEW): DimensionValue[] {
  const text = wanted.trim().toLowerCase();
  if (text) return values.filter(({ label }) => label.toLowerCase().includes(text));
  return all ? [...values] : values.filter((value, index) => index < few || chosen.includes(value.value));
}

interface FacetValueProps {
  value: DimensionValue;
  swatch: string | null;
  isChosen: boolean;
  onToggle: () => void;
}

function FacetValue({ value, swatch, isChosen, onToggle }: FacetValueProps) {
  const isDead = value.count === 0 && !isChosen;
  return (
    <li>
      <Checkbox
        className={isDead ? "facet-value facet-value-none" : "facet-value"}
        checked={isChosen}
        disabled={isDead}
        onChange={onToggle}
        label={
          <>
            <span className="facet-label">
              {swatch && <span className="facet-swatch" style={{ backgroundColor: swatch }} aria-hidden />}
              {value.label}
            </span>{" "}
            <span className="facet-count">{value.count}</span>
          </>
        }
      />
    </li>
  );
}
