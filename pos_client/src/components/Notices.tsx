/** Short messages that say what just happened or went wrong; read out by screen readers. */

import { CloseButton } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

export type Tone = "good" | "warning" | "bad";

interface Notice {
  id: number;
  tone: Tone;
  text: string;
}

const SHOWN_MS: Record<Tone, number> = { good: 3_000, warning: 8_000, bad: 12_000 };

let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(changed: readonly Notice[]): void {
  notices = changed;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

/** Shows a message. What went well makes all earlier ones old; the same words again replace the earlier ones. */
export function notify(tone: Tone, text: string): void {
  const id = nextId;
  nextId += 1;
  const kept = tone === "good" ? [] : notices.filter((notice) => notice.text !== text).slice(-2);
  set([...kept, { id, tone, text }]);
  setTimeout(() => dismiss(id), SHOWN_MS[tone]);
}

export function Notices() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map((notice) => (
        <div key={notice.id} className="notice" data-tone={notice.tone}>
          <span>{notice.text}</span>
          <CloseButton size="lg" variant="transparent" c="inherit" aria-label={t("action.dismiss")} onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}
