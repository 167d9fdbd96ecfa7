/** Narrowing under a finger: categories and stock at once, brand, storage and colour one tap away; each with how many products it would show. */

import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Chosen, chosenCount, type Facet, type FacetName, type FacetValue, HERE, toggled } from "../domain/facets";

interface Props {
  facets: Facet[];
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

const FOLDED: FacetName[] = ["brand", "storage", "colour"];

export function FacetBar({ facets, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const valuesOf = (name: FacetName) => facets.find((facet) => facet.name === name)?.values ?? [];
  const inStock = valuesOf("stock").find(({ value }) => value === HERE);
  const toggle = (name: FacetName, value: string) => onChange(toggled(chosen, name, value));
  return (
    <>
      <div className="chips" role="group" aria-label={t("search.categories")}>
        {valuesOf("category").map((value) => <Chip key={value.value} value={value} label={value.value} onToggle={() => toggle("category", value.value)} />)}
      </div>
      <div className="chips" role="group" aria-label={t("facet.label")}>
        {inStock && <Chip value={inStock} label={t("facet.stock")} onToggle={() => toggle("stock", HERE)} />}
        {FOLDED.map((name) => <FacetMenu key={name} name={name} values={valuesOf(name)} onToggle={(value) => toggle(name, value)} />)}
        {chosenCount(chosen) > 0 && (
          <button type="button" className="chip-clear" onClick={() => onChange({})}><IconX size={18} aria-hidden /> {t("facet.clear")}</button>
        )}
      </div>
    </>
  );
}

function Chip({ value: { count, chosen }, label, onToggle }: { value: FacetValue; label: string; onToggle: () => void }) {
  return (
    <button type="button" aria-pressed={chosen} disabled={count === 0 && !chosen} onClick={onToggle}>{label} <span className="count">{count}</span></button>
  );
}

function FacetMenu({ name, values, onToggle }: { name: FacetName; values: FacetValue[]; onToggle: (value: string) => void }) {
  const { t } = useTranslation();
  const [first, ...others] = values.filter(({ chosen }) => chosen);
  if (values.length < 2 && !first) return null;
  const shown = first ? `${first.value}${others.length > 0 ? ` +${others.length}` : ""}` : t(`facet.${name}`);
  return (
    <Menu position="bottom-start" shadow="md" width={280} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" data-chosen={first !== undefined} aria-label={first ? `${t(`facet.${name}`)}: ${shown}` : shown}>
          {shown} <IconChevronDown size={18} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="facet-menu">
        {values.map(({ value, count, chosen }) => (
          <Menu.CheckboxItem key={value} checked={chosen} disabled={count === 0 && !chosen} onChange={() => onToggle(value)}
            rightSection={<span className="count">{count}</span>}>
            <span className="facet-value"><span className="facet-box">{chosen && <IconCheck size={16} aria-hidden />}</span> {value}</span>
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
