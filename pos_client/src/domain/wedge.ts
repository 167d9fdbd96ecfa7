/**
 * Telling a scanner from a person at the same keyboard.
 *
 * A keyboard-wedge scanner "types" a code in one burst, a few milliseconds between keys, and ends it with Enter or
 * Tab. The detector is fed every key with its time stamp and knows nothing of the DOM.
 */

/** Longest pause in milliseconds inside a scan; people who type fast stay above it on average. */
export const MAXIMUM_GAP_MS = 45;
/** Shortest code that counts as a scan; shorter bursts are left to the person. */
export const MINIMUM_LENGTH = 5;

export type WedgeOutcome = { type: "none" } | { type: "started" } | { type: "scan"; code: string };

const NONE: WedgeOutcome = { type: "none" };

export class WedgeDetector {
  private burst = "";
  private last = Number.NEGATIVE_INFINITY;

  /**
   * Takes one key as `KeyboardEvent.key` names it and its time in milliseconds. "started" says that this key may be
   * the first of a burst: a caller remembers the field's text then, to restore it when the burst proves to be a scan.
   */
  feed(key: string, at: number): WedgeOutcome {
    const inBurst = at - this.last <= MAXIMUM_GAP_MS;
    if (key === "Enter" || key === "Tab") {
      const code = this.burst;
      this.reset();
      return inBurst && code.length >= MINIMUM_LENGTH ? { type: "scan", code } : NONE;
    }
    if (key === "Shift" || key === "CapsLock") return NONE;
    if (key.length !== 1) {
      this.reset();
      return NONE;
    }
    this.last = at;
    if (inBurst && this.burst !== "") {
      this.burst += key;
      return NONE;
    }
    this.burst = key;
    return { type: "started" };
  }

  reset(): void {
    this.burst = "";
    this.last = Number.NEGATIVE_INFINITY;
  }
}
