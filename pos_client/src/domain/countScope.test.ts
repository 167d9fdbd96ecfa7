import { describe, expect, it } from "vitest";
import { isReady, MOST_ARTICLES, openFacts, SCOPES, WHOLE, withArticle, withoutArticle, type Choice } from "./countScope";

const full: Choice = { scope: "ALL", roomId: "r1", category: "devices/phones", skus: ["A"] };

describe("what a count is of", () => {
  it("is ready when what the scope needs is named", () => {
    const ready = (choice: Choice) => SCOPES.filter((scope) => isReady({ ...choice, scope }));
    expect(ready(WHOLE)).toEqual(["ALL", "PROBLEM_LINE"]);
    expect(ready({ ...WHOLE, roomId: "r1" })).toEqual(["ALL", "ROOM", "PROBLEM_LINE"]);
    expect(ready({ ...WHOLE, category: "devices" })).toEqual(["ALL", "CATEGORY", "PROBLEM_LINE"]);
    expect(ready({ ...WHOLE, skus: ["A"] })).toEqual(["ALL", "SKUS", "PROBLEM_LINE"]);
  });

  it("tells what the scope needs and nothing else that was chosen before", () => {
    const facts = SCOPES.map((scope) => openFacts({ ...full, scope }, "Name"));
    expect(facts).toEqual([
      { name: "Name", type: "AD_HOC", scope: "ALL" },
      { name: "Name", type: "AD_HOC", scope: "ROOM", roomId: "r1" },
      { name: "Name", type: "AD_HOC", scope: "CATEGORY", category: "devices/phones" },
      { name: "Name", type: "AD_HOC", scope: "SKUS", skus: ["A"] },
      { name: "Name", type: "PROBLEM_LINE", scope: "ALL" },
    ]);
  });

  it("takes each article once, the latest first, and as many as one act may tell", () => {
    const two = withArticle(withArticle(withArticle(WHOLE, "A"), "B"), "A");
    expect(two.skus).toEqual(["B", "A"]);
    expect(withoutArticle(two, "B").skus).toEqual(["A"]);
    const many = { ...WHOLE, skus: Array.from({ length: MOST_ARTICLES }, (_, index) => `S${index}`) };
    expect(withArticle(many, "ONE MORE")).toBe(many);
  });
});
