import { describe, expect, it } from "vitest";
import { pickChannel } from "./channels";

const cn = { slug: "cn", country: "CN" };
const us = { slug: "us", country: "US" };
const picked = (choice: string | null, ...languages: string[]) => pickChannel([cn, us], choice, languages)?.slug;

describe("pickChannel", () => {
  it("keeps to the choice while there is such a channel", () => {
    expect(picked("us", "zh-CN")).toBe("us");
    expect(picked("gone", "zh-CN")).toBe("cn");
  });

  it("follows the browser's languages on a first visit", () => {
    expect(picked(null, "zh-CN", "en")).toBe("cn");
    expect(picked(null, "zh")).toBe("cn");
    expect(picked(null, "zh-SG", "en-US")).toBe("cn");
    expect(picked(null, "en-US", "zh-CN")).toBe("us");
    expect(picked(null, "fr-FR", "zh-CN")).toBe("cn");
  });

  it("falls back to the United States, then to what there is", () => {
    expect(picked(null, "fr-FR")).toBe("us");
    expect(picked(null, "not a tag")).toBe("us");
    expect(pickChannel([cn], null, ["en"])).toBe(cn);
    expect(pickChannel([], null, ["en"])).toBeUndefined();
  });
});
