/** A number pad for fingers, which the keyboard works too. */

import { IconBackspace } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  onDigits: (digits: string) => void;
  onBackspace: () => void;
  onClear: () => void;
  /** Enter on the keyboard. */
  onEnter?: () => void;
  /** What the lower left key does: clear everything or type two zeros. */
  corner: "clear" | "00";
  label: string;
  disabled?: boolean;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad({ onDigits, onBackspace, onClear, onEnter, corner, label, disabled = false }: Props) {
  const { t } = useTranslation();
  useKeyboard({ onDigits, onBackspace, onClear, onEnter }, disabled);
  return (
    <div className="keypad" role="group" aria-label={label}>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" disabled={disabled} onClick={() => onDigits(digit)}>{digit}</button>
      ))}
      {corner === "clear"
        ? <button type="button" className="keypad-minor" disabled={disabled} onClick={onClear}>{t("keypad.clear")}</button>
        : <button type="button" disabled={disabled} onClick={() => onDigits("00")}>00</button>}
      <button type="button" disabled={disabled} onClick={() => onDigits("0")}>0</button>
      <button type="button" className="keypad-minor" disabled={disabled} aria-label={t("keypad.backspace")} onClick={onBackspace}>
        <IconBackspace size={26} aria-hidden />
      </button>
    </div>
  );
}

type Keys = Pick<Props, "onDigits" | "onBackspace" | "onClear" | "onEnter">;

function useKeyboard(keys: Keys, disabled: boolean): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (disabled) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      // A field that has the focus takes its own keys.
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (/^\d$/.test(event.key)) latest.current.onDigits(event.key);
      else if (event.key === "Backspace") latest.current.onBackspace();
      else if (event.key === "Delete") latest.current.onClear();
      else if (event.key === "Enter" && latest.current.onEnter && !pressing(event.target)) latest.current.onEnter();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [disabled]);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Enter on a focused button outside the pad presses that button. */
function pressing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a") !== null && target.closest(".keypad") === null;
}
