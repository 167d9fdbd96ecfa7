/** For how long one commits oneself. */

import { useTranslation } from "react-i18next";
import type { Offer } from "./choice";

export function Terms({ offer, term, onChange }: { offer: Offer; term: number; onChange: (term: number) => void }) {
  const { t } = useTranslation();
  if (offer.terms.length < 2) return null;
  return (
    <fieldset className="choice bundle-terms">
      <legend>{t("bundle.term")}</legend>
      <div className="choice-segments">
        {offer.terms.map((months) => (
          <label key={months} className="option">
            <input type="radio" name="term" checked={months === term} onChange={() => onChange(months)} />
            <span className="segment">{months === 0 ? t("bundle.noTerm") : t("bundle.months", { count: months })}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
