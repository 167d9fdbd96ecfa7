/** Keyboard and state of a combobox with a list that only suggests (ARIA: list autocomplete, manual selection). */

import { type KeyboardEvent, useState } from "react";

export interface ComboboxState {
  isOpen: boolean;
  /** The option under the keyboard; -1 while it is in the text. */
  active: number;
  open: () => void;
  close: () => void;
  /** After the text changed: open, with the keyboard in the text. */
  typed: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
}

interface ComboboxOptions {
  /** What each option is, one key an option. */
  keys: readonly string[];
  onChoose: (index: number) => void;
  /** Escape with nothing open. */
  onClear: () => void;
}

/** The id of an option, as the field's aria-activedescendant names it. */
export const optionId = (list: string, index: number) => `${list}option${index}`;

export function useCombobox({ keys, onChoose, onClear }: ComboboxOptions): ComboboxState {
  const [isOpen, setOpen] = useState(false);
  // By its key: another list that still has the option keeps it under the keyboard, one without it does not.
  const [pointed, setPointed] = useState<string | null>(null);
  const count = keys.length;
  const active = pointed === null ? -1 : keys.indexOf(pointed);

  const close = () => {
    setOpen(false);
    setPointed(null);
  };
  const move = (to: number) => {
    setOpen(true);
    setPointed(keys[to] ?? null);
  };
  const escape = () => {
    if (isOpen) close();
    else onClear();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // An input method takes these keys for itself.
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnOption = isOpen && active >= 0;
    const moves: Record<string, (() => void) | undefined> = {
      // Round through the text: after the last option comes the text, then the first one.
      ArrowDown: () => move(active + 1 < count ? active + 1 : -1),
      ArrowUp: () => move(active < 0 ? count - 1 : active - 1),
      Home: isOnOption ? () => move(0) : undefined,
      End: isOnOption ? () => move(count - 1) : undefined,
      Enter: isOnOption ? () => onChoose(active) : undefined,
      Escape: escape,
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return { isOpen, active, open: () => setOpen(true), close, typed: () => move(-1), onKeyDown };
}
