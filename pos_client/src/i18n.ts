/** The till's words, in the languages it speaks; the choice stays on the device. */

import i18next from "i18next";
import sharedEn from "@shared/locales/en.json";
import sharedZhHans from "@shared/locales/zh-Hans.json";
import { initReactI18next } from "react-i18next";
import en from "./locales/en.json";
import zhHans from "./locales/zh-Hans.json";

export const LANGUAGES = { en: "English", "zh-Hans": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "till.language";

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored && stored in LANGUAGES) return stored as Language;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-Hans" : "en";
}

export async function startTranslations(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: { ...sharedEn, ...en } }, "zh-Hans": { translation: { ...sharedZhHans, ...zhHans } } },
    lng: preferred(),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
  });
  applyLanguage(currentLanguage());
}

export function currentLanguage(): Language {
  return i18next.language in LANGUAGES ? (i18next.language as Language) : "en";
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
  applyLanguage(language);
}

function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.title = i18next.t("app.title");
}
