import { useTranslation } from "react-i18next";
import { useShop } from "../session/shop";

const MILES_PER_KILOMETRE = 0.621371;
const IN_MILES = new Set(["US", "GB", "LR", "MM"]);

/** A distance as the shop's country measures it, in the reader's language: "3.2 mi". */
export function formatDistance(kilometres: number, country: string, language: string): string {
  const inMiles = IN_MILES.has(country);
  const distance = inMiles ? kilometres * MILES_PER_KILOMETRE : kilometres;
  const unit = inMiles ? "mile" : "kilometer";
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: distance < 20 ? 1 : 0 }).format(distance);
}

export function useDistance(): (kilometres: number) => string {
  const { i18n } = useTranslation();
  const { country } = useShop();
  return (kilometres) => formatDistance(kilometres, country, i18n.language);
}
