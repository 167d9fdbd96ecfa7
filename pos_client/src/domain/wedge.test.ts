import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ELSEWHERE, IN_FIELD, WedgeDetector, type Tempo, type WedgeOutcome } from "./wedge";

function type(detector: WedgeDetector, text: string, gaps: number[], tempo: Tempo = IN_FIELD, end = "Enter"): WedgeOutcome[] {
  let at = 1_000;
  return [...text, end].map((key, index) => {
    at += index === 0 ? 0 : (gaps[index % gaps.length] ?? 0);
    return detector.feed(key, at, tempo);
  });
}

const codes = fc.stringMatching(/^[A-Za-z0-9-]{5,24}$/);

describe("a scanner", () => {
  it("is recognised whatever it reads", () => {
    fc.assert(fc.property(codes, fc.integer({ min: 0, max: 30 }), (code, gap) => {
      expect(type(new WedgeDetector(), code, [gap]).at(-1)).toEqual({ type: "scan", code });
    }));
  });

  it("may end with Tab, press Shift and hiccup once", () => {
    expect(type(new WedgeDetector(), "4006381333931", [4], IN_FIELD, "Tab").at(-1)).toEqual({ type: "scan", code: "4006381333931" });
    expect(type(new WedgeDetector(), "4006381333931", [4, 4, 4, 4, 4, 4, 150]).at(-1)).toEqual({ type: "scan", code: "4006381333931" });
    const detector = new WedgeDetector();
    let at = 0;
    const keys = ["Shift", "A", "b", "Shift", "C", "1", "2", "Enter"];
    expect(keys.map((key) => detector.feed(key, (at += 5))).at(-1)).toEqual({ type: "scan", code: "AbC12" });
  });

  it("says where its burst starts, so that a field can be restored", () => {
    const outcomes = type(new WedgeDetector(), "12345", [5]);
    expect(outcomes[0]).toEqual({ type: "started" });
    expect(outcomes.slice(1, -1).every((outcome) => outcome.type === "none")).toBe(true);
  });

  it("may be slow where nobody types words", () => {
    expect(type(new WedgeDetector(), "4006381333931", [120], ELSEWHERE).at(-1)?.type).toBe("scan");
  });

  it("reads twice in a row", () => {
    const detector = new WedgeDetector();
    expect(type(detector, "11111", [5]).at(-1)).toEqual({ type: "scan", code: "11111" });
    expect(type(detector, "22222", [5]).at(-1)).toEqual({ type: "scan", code: "22222" });
  });
});

describe("a person", () => {
  it("typing into a field is left alone", () => {
    fc.assert(fc.property(codes, fc.integer({ min: 70, max: 400 }), (text, gap) => {
      expect(type(new WedgeDetector(), text, [gap]).at(-1)).toEqual({ type: "none" });
    }));
  });

  it("pressing a few keys, or moving the cursor between them, is no scan", () => {
    expect(type(new WedgeDetector(), "1234", [5]).at(-1)).toEqual({ type: "none" });
    const detector = new WedgeDetector();
    for (const [index, key] of [..."12345"].entries()) detector.feed(key, index);
    detector.feed("ArrowLeft", 6);
    expect(detector.feed("Enter", 7)).toEqual({ type: "none" });
  });
});
