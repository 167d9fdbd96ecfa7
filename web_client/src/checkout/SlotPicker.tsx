/** Pickup times by day, all in the store's own time zone. */

import { dayKey, formatDay, formatSpan } from "@shared/time";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PickupOption } from "./PickupStep";

type Slot = PickupOption["slots"][number];

const FEW_LEFT = 2;

interface SlotPickerProps {
  slots: Slot[];
  timeZone: string;
  value: string | null;
  onChange: (slotId: string) => void;
}

/** Slots by their calendar day in the store. */
export function slotsByDay(slots: readonly Slot[], timeZone: string): [string, Slot[]][] {
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const day = dayKey(slot.start, timeZone);
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  return [...days];
}

/** The first day with a time left; the first day when there is none. */
function firstFree(days: [string, Slot[]][]): [string, Slot[]] {
  return days.find(([, times]) => times.some((slot) => slot.remaining > 0)) ?? days[0] ?? ["", []];
}

export function SlotPicker({ slots, timeZone, value, onChange }: SlotPickerProps) {
  const { t, i18n } = useTranslation();
  const group = useId();
  const days = slotsByDay(slots, timeZone);
  const [chosenDay, setDay] = useState<string | null>(null);
  const valueDay = days.find(([, times]) => times.some((slot) => slot.id === value))?.[0];
  const [day, times] = days.find(([key]) => key === (chosenDay ?? valueDay)) ?? firstFree(days);
  return (
    <div className="slots">
      <div className="slot-days" role="group" aria-label={t("checkout.day")}>
        {days.map(([key, [first]]) => (
          <button key={key} type="button" className="slot-day" aria-pressed={key === day} onClick={() => setDay(key)}>
            {first && formatDay(first.start, i18n.language, timeZone)}
          </button>
        ))}
      </div>
      <fieldset className="slot-times">
        <legend>{t("checkout.time")}</legend>
        {times.map((slot) => (
          <label key={slot.id} className="slot">
            <input type="radio" name={group} checked={slot.id === value} disabled={slot.remaining < 1} onChange={() => onChange(slot.id)} />
            <span>
              {formatSpan(slot.start, slot.end, i18n.language, timeZone)}
              {slot.remaining <= FEW_LEFT && <small>{t("checkout.slotsLeft", { count: slot.remaining })}</small>}
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}
