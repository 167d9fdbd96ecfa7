/** What the product asks about itself: a number to bring, an EID, an old device's grade. The product says what it may be; nothing here judges it. */

import { NativeSelect, TextInput } from "@mantine/core";
import { useMoney } from "@shared/useMoney";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Characteristic, Place } from "./choice";
import type { Violation } from "./prices";
import { fieldId } from "./Violations";

interface CharacteristicsProps {
  place: Place;
  asked: readonly Characteristic[];
  told: Readonly<Record<string, string>>;
  violations: readonly Violation[];
  onTell: (name: string, value: string) => void;
}

/** What is required only with another thing appears once that is told. */
export function Characteristics({ place, asked, told, violations, onTell }: CharacteristicsProps) {
  const shown = asked.filter(({ name, requiredWith }) => !requiredWith || told[requiredWith] || told[name]);
  if (!shown.length) return null;
  return (
    <div className="bundle-told">
      {shown.map((one) => {
        const wrong = violations.find((violation) => violation.characteristic === one.name);
        const field = { id: fieldId(place, one.name), one, value: told[one.name] ?? "", error: wrong && `${wrong.message} ${wrong.remedy}`, onTell: (value: string) => onTell(one.name, value) };
        return one.type === "CHOICE" ? <Choices key={one.name} {...field} /> : <Written key={one.name} {...field} />;
      })}
    </div>
  );
}

interface FieldProps {
  id: string;
  one: Characteristic;
  value: string;
  error: string | undefined;
  onTell: (value: string) => void;
}

function Choices({ id, one, value, error, onTell }: FieldProps) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <NativeSelect id={id} label={one.label} value={value} error={error} required={one.required} onChange={(event) => onTell(event.currentTarget.value)}>
      <option value="">{t(one.required ? "bundle.chooseOne" : "bundle.notTold")}</option>
      {one.choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.worth ? t("bundle.worth", { label: choice.label, price: money(choice.worth) }) : choice.label}</option>)}
    </NativeSelect>
  );
}

const MODES = { TEXT: "text", DIGITS: "numeric", PHONE_NUMBER: "tel", EID: "numeric", DATE: "text", CHOICE: "text" } as const;
const KINDS = { TEXT: "text", DIGITS: "text", PHONE_NUMBER: "tel", EID: "text", DATE: "date", CHOICE: "text" } as const;
/** How long one pauses who has written something out. */
const PAUSE_MS = 700;

/** Told when one leaves the field or pauses: half a number is not wrong yet. */
function Written({ id, one, value, error, onTell }: FieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onTell(text), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  const tell = () => {
    if (text !== value) onTell(text);
  };
  const isSaid = text === value ? error : undefined;
  return (
    <TextInput id={id} label={one.label} value={text} error={isSaid} required={one.required} type={KINDS[one.type]} inputMode={MODES[one.type]} autoComplete="off" maxLength={100}
      description={one.required ? undefined : t("bundle.optional")} onChange={(event) => setText(event.currentTarget.value)} onBlur={tell}
      onKeyDown={(event) => { if (event.key === "Enter" && !event.nativeEvent.isComposing) tell(); }} />
  );
}
