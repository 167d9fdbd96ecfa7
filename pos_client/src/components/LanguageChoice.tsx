/** The languages of the till, each in its own words. */

import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <div className="languages" role="group" aria-label={t("app.language")}>
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={i18n.language === code} onClick={() => void chooseLanguage(code)}>{name}</button>
      ))}
    </div>
  );
}
