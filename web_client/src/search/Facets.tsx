/** Guided navigation: every dimension with its true counts. */

import { Checkbox, TextInput, Button, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SearchPage, SearchPartProps } from "./ResultsPage";
import { type SearchState, toggleValue, withRefinement } from "./searchState";

type Dimension = NonNullable<SearchPage["dimensions"]>[number];
type Value = Dimension["values"][number];

const FEW = 7;
/** Open from the start; the others show their name and open on demand. */
const OPEN_FIRST = 5;

export function Facets({ page, state, onChange }: SearchPartProps) {
  const shown = (page.dimensions ?? []).filter((dimension) => isUseful(dimension));
  return (
    <div className="facets">
      {shown.map((dimension, index) => {
        const isChosen = state.refinements.some((refinement) => refinement.dimension === dimension.name);
        return (
          <Facet key={dimension.name} dimension={dimension} state={state} onChange={onChange} initiallyOpen={index < OPEN_FIRST || isChosen} />
        );
      })}
    </div>
  );
}

function isUseful({ kind, values, minimum, maximum }: Dimension): boolean {
  if (kind === "RANGE") return minimum !== null && maximum !== null && (minimum !== maximum || values.length > 1);
  return values.length > 0;
}

interface FacetProps {
  dimension: Dimension;
  state: SearchState;
  onChange: (state: SearchState) => void;
  initiallyOpen?: boolean;
}

function Facet({ dimension, state, onChange, initiallyOpen }: FacetProps) {
  const [isOpen, setOpen] = useState(initiallyOpen ?? false);
  const id = useId();
  return (
    <section className="facet">
      <h2>
        <UnstyledButton className="facet-title" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {dimension.label}
          <IconChevronDown size={18} aria-hidden className={isOpen ? "turned" : ""} />
        </UnstyledButton>
      </h2>
      <div id={id} hidden={!isOpen} role="group" aria-label={dimension.label}>
        {dimension.values.length > 0 && <ValueList dimension={dimension} state={state} onChange={onChange} />}
        {dimension.kind === "RANGE" && <RangeFields dimension={dimension} state={state} onChange={onChange} />}
      </div>
    </section>
  );
}

function ValueList({ dimension, state, onChange }: FacetProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState("");
  // The address says what is chosen: the box answers at once, the counts follow with the answer.
  const chosen = state.refinements.find((refinement) => refinement.dimension === dimension.name)?.values ?? [];
  const isLong = dimension.values.length > FEW;
  const matching = dimension.values.filter(({ label }) => label.toLowerCase().includes(wanted.trim().toLowerCase()));
  // Chosen values are never folded away.
  const shown = all || !isLong ? matching : matching.filter((value, index) => index < FEW || chosen.includes(value.value));
  return (
    <>
      {all && dimension.values.length > 2 * FEW && (
        <TextInput size="sm" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)}
          aria-label={t("results.findIn", { label: dimension.label })} placeholder={t("results.findIn", { label: dimension.label })} mb={8} />
      )}
      <ul className="facet-values">
        {shown.map((value) => (
          <FacetValue key={value.value} value={value} isChosen={chosen.includes(value.value)}
            onToggle={() => onChange(toggleValue(state, dimension.name, value.value))} />
        ))}
      </ul>
      {isLong && (
        <button type="button" className="link-button" onClick={() => { setAll(!all); setWanted(""); }}>
          {all ? t("results.fewer") : t("results.allValues", { count: dimension.values.length })}
        </button>
      )}
    </>
  );
}

interface FacetValueProps {
  value: Value;
  isChosen: boolean;
  onToggle: () => void;
}

function FacetValue({ value, isChosen, onToggle }: FacetValueProps) {
  const isDead = value.count === 0 && !isChosen;
  return (
    <li style={{ paddingInlineStart: value.level * 18 }}>
      <Checkbox
        className={isDead ? "facet-value facet-value-none" : "facet-value"}
        checked={isChosen}
        disabled={isDead}
        onChange={onToggle}
        label={<><span>{value.label}</span> <span className="facet-count">{value.count}</span></>}
      />
    </li>
  );
}

function RangeFields({ dimension, state, onChange }: FacetProps) {
  const { t } = useTranslation();
  const chosen = state.refinements.find((refinement) => refinement.dimension === dimension.name);
  const [minimum, setMinimum] = useState(chosen?.minimum ?? "");
  const [maximum, setMaximum] = useState(chosen?.maximum ?? "");
  useEffect(() => {
    setMinimum(chosen?.minimum ?? "");
    setMaximum(chosen?.maximum ?? "");
  }, [chosen?.minimum, chosen?.maximum]);

  const isNumber = (text: string) => text === "" || /^\d+(\.\d{1,2})?$/.test(text);
  const valid = isNumber(minimum) && isNumber(maximum);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    const values = chosen?.values ?? [];
    const range = { minimum: minimum || undefined, maximum: maximum || undefined };
    onChange(withRefinement(state, { dimension: dimension.name, values, ...range }));
  };
  const field = { size: "sm" as const, inputMode: "decimal" as const, maxLength: 9 };
  return (
    <form className="facet-range" onSubmit={apply}>
      <TextInput {...field} label={t("results.minimum")} placeholder={whole(dimension.minimum, Math.floor)} value={minimum}
        onChange={(event) => setMinimum(event.currentTarget.value.trim())} error={!isNumber(minimum) && t("results.number")} />
      <TextInput {...field} label={t("results.maximum")} placeholder={whole(dimension.maximum, Math.ceil)} value={maximum}
        onChange={(event) => setMaximum(event.currentTarget.value.trim())} error={!isNumber(maximum) && t("results.number")} />
      <Button type="submit" size="sm" variant="light" disabled={!valid}>{t("results.apply")}</Button>
    </form>
  );
}

/** A hint without cents: only for the eye, never for a computation. */
function whole(decimal: string | null | undefined, round: (value: number) => number): string {
  return decimal ? String(round(Number(decimal))) : "";
}
