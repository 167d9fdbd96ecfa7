/** Moments as the store's wall clock shows them. */

import { useTranslation } from "react-i18next";
import { useSetting } from "./useData";

export interface Clock {
  time: (moment: string) => string;
  /** With the day in front, unless it is today. */
  moment: (moment: string) => string;
  /** Day, month, year and time, for receipts. */
  full: (moment: string) => string;
}

export function useClock(): Clock {
  const { i18n } = useTranslation();
  const timeZone = useSetting("session")?.store.timezone;
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, { ...options, timeZone });
  const time = format({ hour: "numeric", minute: "2-digit" });
  const day = format({ weekday: "short", month: "short", day: "numeric" });
  const full = format({ dateStyle: "medium", timeStyle: "short" });
  return {
    time: (moment) => time.format(new Date(moment)),
    moment: (moment) => {
      const date = new Date(moment);
      const today = day.format(new Date()) === day.format(date);
      return today ? time.format(date) : `${day.format(date)}, ${time.format(date)}`;
    },
    full: (moment) => full.format(new Date(moment)),
  };
}
