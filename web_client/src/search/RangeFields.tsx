/** Numbers of one's own for a range: a slider for the hand, two fields for the exact. */

import { RangeSlider, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShop } from "../session/shop";
import type { FacetProps } from "./Facets";
import { type Bounds, boundsOf, handlesOf, type Scale, scaleOf } from "./range";
import { withRefinement } from "./searchState";

/** By keyboard a handle moves step by step: the search follows when it rests. */
const REST_MS = 350;

export function RangeFields({ dimension, state, onChange }: FacetProps) {
  const chosen = state.refinements.find((refinement) => refinement.dimension === dimension.name);
  const bounds = { minimum: chosen?.minimum, maximum: chosen?.maximum };
  const scale = scaleOf(dimension.minimum, dimension.maximum);
  // Bounds of one's own take the place of the groups ticked above them.
  const apply = (next: Bounds) => {
    if (next.minimum === bounds.minimum && next.maximum === bounds.maximum) return;
    onChange(withRefinement(state, { dimension: dimension.name, values: [], ...next }));
  };
  const isPrice = dimension.name.includes("price");
  return (
    <div className="facet-range">
      {scale && <Slider bounds={bounds} scale={scale} isPrice={isPrice} label={dimension.label} onApply={apply} />}
      <Fields bounds={bounds} hints={[dimension.minimum, dimension.maximum]} onApply={apply} />
    </div>
  );
}

interface SliderProps {
  bounds: Bounds;
  scale: Scale;
  isPrice: boolean;
  label: string;
  onApply: (bounds: Bounds) => void;
}

function Slider({ bounds, scale, isPrice, label, onApply }: SliderProps) {
  const { t, i18n } = useTranslation();
  const { currency } = useShop();
  const [low, high] = handlesOf(bounds, scale);
  const [value, setValue] = useState<[number, number]>([low, high]);
  useEffect(() => setValue([low, high]), [low, high]);
  const applySoon = useDebouncedCallback((handles: [number, number]) => onApply(boundsOf(handles, scale)), REST_MS);
  const style = isPrice ? { style: "currency" as const, currency, currencyDisplay: "narrowSymbol" as const, maximumFractionDigits: 0 } : {};
  const format = new Intl.NumberFormat(i18n.language, style);
  return (
    <RangeSlider className="facet-slider" min={scale.minimum} max={scale.maximum} step={scale.step} minRange={scale.step} value={value} onChange={setValue}
      onChangeEnd={applySoon} label={(number) => format.format(number)} size={6} thumbSize={26}
      thumbFromLabel={`${label}, ${t("results.minimum")}`} thumbToLabel={`${label}, ${t("results.maximum")}`} />
  );
}

interface FieldsProps {
  bounds: Bounds;
  hints: (string | null | undefined)[];
  onApply: (bounds: Bounds) => void;
}

const isNumber = (text: string) => text === "" || /^\d+(\.\d{1,2})?$/.test(text);

function Fields({ bounds, hints, onApply }: FieldsProps) {
  const { t } = useTranslation();
  const [minimum, setMinimum] = useState(bounds.minimum ?? "");
  const [maximum, setMaximum] = useState(bounds.maximum ?? "");
  useEffect(() => {
    setMinimum(bounds.minimum ?? "");
    setMaximum(bounds.maximum ?? "");
  }, [bounds.minimum, bounds.maximum]);

  const isCrossed = isNumber(minimum) && isNumber(maximum) && minimum !== "" && maximum !== "" && Number(minimum) > Number(maximum);
  const apply = () => {
    if (isNumber(minimum) && isNumber(maximum) && !isCrossed) onApply({ minimum: minimum || undefined, maximum: maximum || undefined });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply();
  };
  const problem = (text: string) => (isNumber(text) ? isCrossed && t("results.crossed") : t("results.number"));
  const field = { inputMode: "decimal" as const, maxLength: 9, onBlur: apply, enterKeyHint: "done" as const };
  return (
    <form className="facet-fields" onSubmit={submit}>
      <TextInput {...field} label={t("results.minimum")} placeholder={whole(hints[0], Math.floor)} value={minimum}
        onChange={(event) => setMinimum(event.currentTarget.value.trim())} error={problem(minimum)} />
      <TextInput {...field} label={t("results.maximum")} placeholder={whole(hints[1], Math.ceil)} value={maximum}
        onChange={(event) => setMaximum(event.currentTarget.value.trim())} error={!isCrossed && problem(maximum)} />
      {/* With two fields a form is only sent by a button: the keyboard's own one. */}
      <button type="submit" className="sr-only" tabIndex={-1} aria-hidden>{t("results.apply")}</button>
    </form>
  );
}

/** A hint without cents: only for the eye, never for a computation. */
function whole(decimal: string | null | undefined, round: (value: number) => number): string {
  return decimal ? String(round(Number(decimal))) : "";
}
