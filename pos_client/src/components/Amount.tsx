/** Amounts on screen, and the entering of one by the pad. */

import { useTranslation } from "react-i18next";
import { formatMoney, type Minor } from "../domain/money";
import { Keypad } from "./Keypad";

/** Nothing in a till is dearer; keeps a stuck key from growing a number without end. */
const LARGEST: Minor = 99_999_999;

/** Money in the words of the chosen language. */
export function useMoney(currency: string): (amount: Minor) => string {
  const { i18n } = useTranslation();
  return (amount) => formatMoney(amount, currency, i18n.language);
}

interface Props {
  label: string;
  currency: string;
  value: Minor;
  onChange: (value: Minor) => void;
  onEnter?: () => void;
  disabled?: boolean;
}

/** Digits fill from the right, as on every cash register: 5 0 0 0 is 50.00. */
export function AmountEntry({ label, currency, value, onChange, onEnter, disabled }: Props) {
  const money = useMoney(currency);
  const append = (digits: string) => {
    const next = Number(`${value}${digits}`);
    if (next <= LARGEST) onChange(next);
  };
  return (
    <div className="amount-entry">
      <div className="amount-display">
        <span>{label}</span>
        <output aria-live="polite">{money(value)}</output>
      </div>
      <Keypad
        corner="00" label={label} disabled={disabled} onDigits={append} onBackspace={() => onChange(Math.trunc(value / 10))}
        onClear={() => onChange(0)} onEnter={onEnter}
      />
    </div>
  );
}
