/**
 * Telling a scanner from a person at the same keyboard.
 *
 * A keyboard-wedge scanner "types" a code in one burst, a few milliseconds between keys, and ends it with Enter or
 * Tab. The detector is fed every key with its time stamp and knows nothing of the DOM. It judges the mean pause of a burst,
 * so that one hiccup of a busy device does not cut a code in two.
 */

export interface Tempo {
  /** Pause in milliseconds that ends a burst. */
  longestGap: number;
  /** Mean pause up to which a burst is a scan. */
  meanGap: number;
}

/** Inside a text field people type too; even fast ones stay above this mean. */
export const IN_FIELD: Tempo = { longestGap: 200, meanGap: 45 };
/** Outside of fields nobody types words, so slow scanners get their time. */
export const ELSEWHERE: Tempo = { longestGap: 400, meanGap: 250 };

/** Shortest code that counts as a scan; shorter bursts are left to the person. */
export const MINIMUM_LENGTH = 5;

export type WedgeOutcome = { type: "none" } | { type: "started" } | { type: "scan"; code: string };

const NONE: WedgeOutcome = { type: "none" };

export class WedgeDetector {
  private burst = "";
  private first = 0;
  private last = Number.NEGATIVE_INFINITY;

  /**
   * Takes one key as `KeyboardEvent.key` names it and its time in milliseconds. "started" says that this key may be
   * the first of a burst: a caller remembers the field's text then, to restore it when the burst proves to be a scan.
   */
  feed(key: string, at: number, tempo: Tempo = IN_FIELD): WedgeOutcome {
    const inBurst = this.burst !== "" && at - this.last <= tempo.longestGap;
    if (key === "Enter" || key === "Tab") {
      const code = this.burst;
      const fast = at - this.first <= tempo.meanGap * code.length;
      this.reset();
      return inBurst && fast && code.length >= MINIMUM_LENGTH ? { type: "scan", code } : NONE;
    }
    if (key === "Shift" || key === "CapsLock") return NONE;
    if (key.length !== 1) {
      this.reset();
      return NONE;
    }
    this.last = at;
    if (inBurst) {
      this.burst += key;
      return NONE;
    }
    this.burst = key;
    this.first = at;
    return { type: "started" };
  }

  reset(): void {
    this.burst = "";
    this.last = Number.NEGATIVE_INFINITY;
  }
}
