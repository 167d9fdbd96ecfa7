import sharedEn from "@shared/locales/en.json";
import { describe, expect, it } from "vitest";
import en from "./en.json";
import zhHans from "./zh-Hans.json";

type Words = { [key: string]: string | Words };

function flatten(words: Words, prefix = ""): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)]));
}

const bare = (key: string) => key.replace(/_(zero|one|other)$/, "");
const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();
const english = flatten(en);
const chinese = flatten(zhHans);

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../gql/**", "!../**/*.test.*"], { query: "?raw", import: "default", eager: true });

describe("the catalogues", () => {
  it("hold the same messages in both languages", () => {
    expect([...new Set([...chinese.keys()].map(bare))].sort()).toEqual([...new Set([...english.keys()].map(bare))].sort());
  });

  it("use the same placeholders", () => {
    for (const [key, text] of chinese) {
      const other = english.get(key) ?? english.get(`${bare(key)}_other`) ?? "";
      if (!key.endsWith("_zero")) expect([key, placeholders(text)]).toEqual([key, placeholders(other)]);
    }
  });

  it("have every plural form that the language needs", () => {
    for (const [catalogue, language] of [[english, "en"], [chinese, "zh-Hans"]] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const plural = [...catalogue.keys()].filter((key) => key.endsWith("_other")).map(bare);
      for (const key of plural) for (const form of forms) expect(catalogue.has(`${key}_${form}`), `${key}_${form}`).toBe(true);
    }
  });

  it("hold every key that the screens name, and no other", () => {
    const text = Object.values(sources).join("\n");
    const known = new Set([...english.keys()].map(bare));
    const named = [...text.matchAll(/"([a-z][A-Za-z]*(?:\.[A-Za-z]+)+)"/g)].map((match) => match[1] as string).filter((key) => en[key.split(".")[0] as keyof typeof en]);
    for (const key of named) expect(known.has(key), key).toBe(true);
    const shared = new Set([...flatten(sharedEn).keys()].map(bare));
    const both = [...text.matchAll(/"([a-z][A-Za-z]*(?:\.[A-Za-z]+)+)"/g)].map((match) => match[1] as string).filter((key) => sharedEn[key.split(".")[0] as keyof typeof sharedEn]);
    for (const key of both) expect(shared.has(key), key).toBe(true);
    const families = [...text.matchAll(/`([a-z][A-Za-z.]*\.)\$\{/g)].map((match) => match[1] as string);
    const unused = [...known].filter((key) => !named.includes(key) && !families.some((family) => key.startsWith(family)));
    expect(unused).toEqual([]);
  });
});
