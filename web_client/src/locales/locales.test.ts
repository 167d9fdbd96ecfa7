import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import sharedEn from "@shared/locales/en.json";
import sharedZhHans from "@shared/locales/zh-Hans.json";
import en from "./en.json";
import zhHans from "./zh-Hans.json";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((text, name) => found.set(name, text));
  }
  return found;
}

const english = flat({ ...sharedEn, ...en });
const chinese = flat({ ...sharedZhHans, ...zhHans });
const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === "gql" ? [] : sources(path);
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

describe("catalogues", () => {
  it("hold the same keys in both languages, none empty", () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
    expect([...english.values(), ...chinese.values()].filter((text) => !text.trim())).toEqual([]);
  });

  it("name the same placeholders", () => {
    for (const [key, text] of english) expect(placeholders(chinese.get(key) ?? ""), key).toEqual(placeholders(text));
  });

  it("hold every key that the shop uses", () => {
    const used = sources(join(import.meta.dirname, "..")).flatMap((source) =>
      [...source.matchAll(/["'`]([a-z][A-Za-z]*\.[A-Za-z_]+)["'`]/g)].map((match) => match[1] as string),
    );
    const known = (key: string) => english.has(key) || english.has(`${key}_other`);
    const namespaces = new Set([...english.keys()].map((key) => key.split(".")[0]));
    const wanted = used.filter((key) => namespaces.has(key.split(".")[0]) && !/^cart\.(add|create|line|contact|delivery)$/.test(key));
    expect(wanted.filter((key) => !known(key))).toEqual([]);
  });
});
