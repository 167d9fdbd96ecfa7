/** The shop's words: its own catalogue and that of both clients in each language, the choice remembered. */

import { pickLanguage } from "@shared/language";
import sharedEn from "@shared/locales/en.json";
import sharedZhHans from "@shared/locales/zh-Hans.json";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./locales/en.json";
import zhHans from "./locales/zh-Hans.json";
import { languageChoice } from "./session/stores";

const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  resources: { en: { translation: { ...sharedEn, ...en } }, "zh-Hans": { translation: { ...sharedZhHans, ...zhHans } } },
  lng: pickLanguage([languageChoice.get(), ...navigator.languages]),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

const showLanguage = (language: string) => {
  document.documentElement.lang = language;
};
showLanguage(i18n.language);
i18n.on("languageChanged", showLanguage);

/** Change the language of the shop and of the API's answers. */
export async function chooseLanguage(language: string): Promise<void> {
  languageChoice.set(language);
  await i18n.changeLanguage(language);
}

export default i18n;
