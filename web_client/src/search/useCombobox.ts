/** Keyboard and state of a combobox with a list that only suggests (ARIA: list autocomplete, manual selection). */

import { type KeyboardEvent, useEffect, useState } from "react";

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
  count: number;
  onChoose: (index: number) => void;
  /** Escape with nothing open. */
  onClear: () => void;
}

export function useCombobox({ count, onChoose, onClear }: ComboboxOptions): ComboboxState {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setActive] = useState(-1);
  const active = wanted < count ? wanted : -1;
  // Options that changed under the keyboard are not what was pointed at.
  useEffect(() => setActive(-1), [count]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const move = (to: number) => {
    setOpen(true);
    setActive(to);
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
