/** Scans from a keyboard-wedge scanner, wherever the focus is; the topmost open part of the screen gets them. */

import { useEffect, useRef } from "react";
import { normaliseCode } from "../domain/codes";
import { ELSEWHERE, IN_FIELD, WedgeDetector } from "../domain/wedge";

type Handler = (code: string) => void;

const handlers: { current: Handler }[] = [];
const detector = new WedgeDetector();
let before: { field: HTMLInputElement | HTMLTextAreaElement; value: string } | null = null;

function editable(target: EventTarget | null): HTMLInputElement | HTMLTextAreaElement | null {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
}

/** Gives a field the text it had before the scanner typed into it, in a way that React notices. */
function restore(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = editable(event.target);
  const outcome = detector.feed(event.key, event.timeStamp, field ? IN_FIELD : ELSEWHERE);
  if (outcome.type === "started") {
    before = field ? { field, value: field.value } : null;
  }
  if (outcome.type !== "scan") return;
  const handler = handlers.at(-1);
  if (!handler) return;
  // The scanner's Enter must not press the button that has the focus, nor submit the form around the field.
  event.preventDefault();
  event.stopPropagation();
  if (before) restore(before.field, before.value);
  before = null;
  handler.current(normaliseCode(outcome.code));
}

/** While `active`, scans go to `handler`; of several the one that became active last. */
export function useScanner(handler: Handler, active = true): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    if (!active) return undefined;
    const entry = { get current() { return latest.current; } } as { current: Handler };
    if (handlers.length === 0) document.addEventListener("keydown", onKeyDown, true);
    handlers.push(entry);
    return () => {
      handlers.splice(handlers.indexOf(entry), 1);
      if (handlers.length === 0) document.removeEventListener("keydown", onKeyDown, true);
    };
  }, [active]);
}
