/** Letters typed anywhere on the screen go to the search box. */

import { type RefObject, useEffect } from "react";

/** Where typing means something else. */
const ELSEWHERE = "input, textarea, select, [contenteditable], [role=menu], [role=dialog]";

/** While `active`: a letter outside of fields moves the focus to the box, which then receives it. */
export function useTypeAnywhere(box: RefObject<HTMLInputElement | null>, active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isLetter || event.defaultPrevented || (event.target instanceof Element && event.target.closest(ELSEWHERE))) return;
      box.current?.focus();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [box, active]);
}
