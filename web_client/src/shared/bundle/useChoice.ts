/** The choice on a configurator's screen: changed by the person, or by a remedy, which can be taken back. */

import { useState } from "react";
import { type Choice, mended, type Offer } from "./choice";
import type { Violation } from "./prices";
import { groupId } from "./Violations";

export interface Choosing {
  choice: Choice;
  change: (choice: Choice) => void;
  mend: (violation: Violation) => void;
  /** What a remedy has just changed, to be told and taken back; null after anything else. */
  mending: { remedy: string; undo: () => void } | null;
}

export function useChoice(offer: Offer, start: () => Choice): Choosing {
  const [state, setState] = useState<{ choice: Choice; before: Choice | null; remedy: string }>(() => ({ choice: start(), before: null, remedy: "" }));
  const { choice, before, remedy } = state;
  const change = (next: Choice) => setState({ choice: next, before: null, remedy: "" });
  const mend = (violation: Violation) => {
    setState({ choice: mended(offer, choice, violation.changes), before: choice, remedy: violation.remedy });
    // The button is gone with what was wrong: the keyboard goes on where the change was made.
    const [first] = violation.changes;
    if (first) document.getElementById(groupId(first.group, first.instance))?.focus({ preventScroll: true });
  };
  return { choice, change, mend, mending: before && { remedy, undo: () => change(before) } };
}
