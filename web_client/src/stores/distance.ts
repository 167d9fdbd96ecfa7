import { useTranslation } from "react-i18next";

/** A distance in the reader's language: "3.2 km". */
export function useDistance(): (kilometres: number) => string {
  const { i18n } = useTranslation();
  return (kilometres) =>
    new Intl.NumberFormat(i18n.language, {
      style: "unit",
      unit: "kilometer",
      maximumFractionDigits: kilometres < 20 ? 1 : 0,
    }).format(kilometres);
}
