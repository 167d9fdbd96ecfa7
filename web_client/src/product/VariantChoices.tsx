/** Colour as swatches, everything else as segments: radio groups both. */

import { useId } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, type ChoiceOption, type ChoosableVariant, choicesOf, isColour, swatchOf } from "./choices";

interface VariantChoicesProps {
  variants: readonly ChoosableVariant[];
  current: ChoosableVariant;
  onChoose: (sku: string) => void;
}

export function VariantChoices({ variants, current, onChoose }: VariantChoicesProps) {
  return choicesOf(variants, current).map((choice) => <ChoiceField key={choice.name} choice={choice} onChoose={onChoose} />);
}

function ChoiceField({ choice, onChoose }: { choice: Choice; onChoose: (sku: string) => void }) {
  const group = useId();
  const isColourChoice = isColour(choice.name);
  const selected = choice.options.find((option) => option.selected);
  return (
    <fieldset className="choice">
      <legend>
        {choice.label}: <strong>{selected?.value}</strong>
      </legend>
      <div className={isColourChoice ? "choice-swatches" : "choice-segments"}>
        {choice.options.map((option) => (
          <Option key={option.value} option={option} group={group} isColour={isColourChoice} onChoose={onChoose} />
        ))}
      </div>
    </fieldset>
  );
}

interface OptionProps {
  option: ChoiceOption;
  group: string;
  isColour: boolean;
  onChoose: (sku: string) => void;
}

function Option({ option, group, isColour, onChoose }: OptionProps) {
  const { t } = useTranslation();
  const swatch = isColour ? swatchOf(option.value) : null;
  const title = option.fits ? option.value : t("product.changesOther", { value: option.value });
  return (
    <label className={option.fits ? "option" : "option option-elsewhere"} title={title}>
      <input type="radio" name={group} checked={option.selected} onChange={() => onChoose(option.sku)} />
      {swatch ? (
        <>
          <span className="swatch" style={{ backgroundColor: swatch }} />
          <span className="sr-only">{title}</span>
        </>
      ) : (
        <span className="segment">{option.value}</span>
      )}
    </label>
  );
}
