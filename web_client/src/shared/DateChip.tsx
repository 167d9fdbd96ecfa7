import { formatDate, formatShortDate } from "@shared/time";
import { IconCalendarCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface DateChipProps {
  /** YYYY-MM-DD; without one nothing is promised and nothing shown. */
  day: string | null | undefined;
  later?: boolean;
}

/** The first day on which something works or can be had. */
export function DateChip({ day, later }: DateChipProps) {
  const { t, i18n } = useTranslation();
  if (!day) return null;
  return (
    <span className={later ? "date-chip date-chip-later" : "date-chip"} title={formatDate(day, i18n.language)}>
      <IconCalendarCheck size={16} aria-hidden />
      <time dateTime={day}>{t("address.from", { day: formatShortDate(day, i18n.language) })}</time>
    </span>
  );
}
