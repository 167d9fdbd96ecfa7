/** What may be taken from one group: one of several, each or not, or so many of each. */

import { ActionIcon } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLineProduct } from "../cart/lineProducts";
import { DateChip } from "../ui/DateChip";
import { Picture } from "../ui/Picture";
import { type Group, isSingle, type Option, placeKey, unitsOf, withNone, withUnits } from "./choice";
import type { GroupsProps } from "./Groups";
import { LinePrice } from "./LinePrice";

interface OptionsProps extends GroupsProps {
  group: Group;
  instance: number;
  title: string;
}

/** More are folded away until asked for; what is chosen or to be changed never is. */
const FEW = 6;

export function Options(props: OptionsProps) {
  const { t } = useTranslation();
  const { offer, group, instance, title, choice, marks, onChange } = props;
  const [all, setAll] = useState(false);
  const place = (sku: string) => ({ group: group.code, instance, sku });
  const isNeeded = ({ sku }: Option) => unitsOf(choice, place(sku)) > 0 || marks.has(placeKey(place(sku)));
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
        <button type="button" className="link-button" onClick={() => setAll(true)}>{t("results.allValues", { count: group.options.length })}</button>
      )}
    </div>
  );
}

function OptionRow({ offer, group, instance, option, radio, choice, configuration, marks, onChange }: OptionsProps & { option: Option; radio: string | null }) {
  const { t } = useTranslation();
  const place = { group: group.code, instance, sku: option.sku };
  const units = unitsOf(choice, place);
  const mark = marks.get(placeKey(place));
  const line = configuration?.lines.find((one) => placeKey(one) === placeKey(place));
  const set = (quantity: number) => onChange(withUnits(offer, choice, place, quantity));
  const isCounted = radio === null && option.upperLimit > 1;
  const { kind, picture } = useLineProduct(option.sku);
  const className = ["bundle-option", units > 0 && "bundle-option-chosen", mark && "bundle-option-marked"].filter(Boolean).join(" ");
  const body = (
    <>
      {picture && <Picture src={picture} kind={kind} className="bundle-option-picture" />}
      <span className="bundle-option-body">
        <span className="bundle-option-name">{option.name}</span>
        {line && units > 0 && <span className="bundle-option-facts"><LinePrice line={line} /> <DateChip day={line.availableFrom} /></span>}
        {mark && <span className="bundle-mark">{t(mark > 0 ? "bundle.markAdd" : "bundle.markTake", { count: Math.abs(mark) })}</span>}
      </span>
    </>
  );
  if (isCounted) {
    return (
      <div className={className} data-sku={option.sku}>
        {body}
        <span className="stepper" role="group" aria-label={t("cart.quantityOf", { name: option.name })}>
          <ActionIcon variant="subtle" color="dark" disabled={units <= 0} onClick={() => set(units - 1)} aria-label={t("cart.less")}><IconMinus size={18} /></ActionIcon>
          <span aria-live="polite">{units}</span>
          <ActionIcon variant="subtle" color="dark" disabled={units >= option.upperLimit} onClick={() => set(units + 1)} aria-label={t("cart.more")}><IconPlus size={18} /></ActionIcon>
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
