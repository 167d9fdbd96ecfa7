/** What may be taken from one group: one of several, each or not, or so many of each. */

import { ActionIcon } from "@mantine/core";
import { DateChip } from "@shared/DateChip";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Characteristics } from "./Characteristics";
import { type Group, isSingle, type Option, placeKey, toldOf, unitsOf, withNone, withTold, withUnits } from "./choice";
import type { GroupsProps } from "./Groups";
import { LinePrice } from "./LinePrice";

interface OptionsProps extends GroupsProps {
  group: Group;
  instance: number;
  title: string;
}

/** More are folded away until asked for; what is chosen never is. */
const FEW = 6;

export function Options(props: OptionsProps) {
  const { t } = useTranslation();
  const { offer, group, instance, title, choice, onChange } = props;
  const [all, setAll] = useState(false);
  const place = (sku: string) => ({ group: group.code, instance, sku });
  const isNeeded = ({ sku }: Option) => unitsOf(choice, place(sku)) > 0;
  const shown = all ? group.options : group.options.filter((option, index) => index < FEW || isNeeded(option));
  const isEmpty = group.options.every(({ sku }) => unitsOf(choice, place(sku)) === 0);
  const single = isSingle(offer, group);
  const name = `${group.code}.${instance}`;
  return (
    <div role={single ? "radiogroup" : "group"} aria-label={title} className="bundle-options">
      {shown.map((option) => <OptionRow key={option.sku} {...props} option={option} radio={single ? name : null} />)}
      {single && group.lowerLimit === 0 && (
        <label className={isEmpty ? "bundle-option bundle-option-chosen" : "bundle-option"}>
          <input type="radio" name={name} checked={isEmpty} onChange={() => onChange(withNone(choice, group.code, instance))} />
          <span className="bundle-option-body">{t("bundle.nothing")}</span>
        </label>
      )}
      {shown.length < group.options.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>{t("bundle.showAll", { count: group.options.length })}</button>
      )}
    </div>
  );
}

interface RowProps extends OptionsProps {
  option: Option;
  radio: string | null;
}

/** An option, and below it, once chosen, what it asks. */
function OptionRow(props: RowProps) {
  const { group, instance, option, choice, configuration, onChange } = props;
  const place = { group: group.code, instance, sku: option.sku };
  if (!option.characteristics.length || unitsOf(choice, place) === 0) return <Taken {...props} />;
  const violations = (configuration?.violations ?? []).filter((one) => one.group === group.code && (one.instance ?? 1) === instance && one.sku === option.sku);
  return (
    <div className="bundle-asking">
      <Taken {...props} />
      <Characteristics place={place} asked={option.characteristics} told={toldOf(choice, place)} violations={violations}
        onTell={(name, value) => onChange(withTold(choice, place, name, value))} />
    </div>
  );
}

function Taken({ offer, group, instance, option, radio, choice, configuration, picture, onChange }: RowProps) {
  const { t } = useTranslation();
  const place = { group: group.code, instance, sku: option.sku };
  const units = unitsOf(choice, place);
  const line = configuration?.lines.find((one) => placeKey(one) === placeKey(place));
  const set = (quantity: number) => onChange(withUnits(offer, choice, place, quantity));
  const isCounted = radio === null && option.upperLimit > 1;
  const className = units > 0 ? "bundle-option bundle-option-chosen" : "bundle-option";
  const body = (
    <>
      {picture?.(option.sku)}
      <span className="bundle-option-body">
        <span className="bundle-option-name">{option.name}</span>
        {line && units > 0 && <span className="bundle-option-facts"><LinePrice line={line} /> <DateChip day={line.availableFrom} /></span>}
      </span>
    </>
  );
  if (isCounted) {
    return (
      <div className={className} data-sku={option.sku}>
        {body}
        <span className="stepper" role="group" aria-label={t("bundle.quantityOf", { name: option.name })}>
          <ActionIcon variant="subtle" color="dark" disabled={units <= 0} onClick={() => set(units - 1)} aria-label={t("bundle.less")}><IconMinus size={18} /></ActionIcon>
          <span aria-live="polite">{units}</span>
          <ActionIcon variant="subtle" color="dark" disabled={units >= option.upperLimit} onClick={() => set(units + 1)} aria-label={t("bundle.more")}><IconPlus size={18} /></ActionIcon>
        </span>
      </div>
    );
  }
  return (
    <label className={className} data-sku={option.sku}>
      {radio === null
        ? <input type="checkbox" checked={units > 0} onChange={(event) => set(event.currentTarget.checked ? 1 : 0)} />
        : <input type="radio" name={radio} checked={units > 0} onChange={() => set(1)} />}
      {body}
    </label>
  );
}
