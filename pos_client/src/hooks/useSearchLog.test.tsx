import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Hit } from "../domain/search";
import { useSearchLog } from "./useSearchLog";

const { recordSearch, reportOpen, useOnline } = vi.hoisted(() => ({ recordSearch: vi.fn(), reportOpen: vi.fn(), useOnline: vi.fn() }));
vi.mock("../app/till", () => ({ recordSearch, reportOpen }));
vi.mock("./useData", () => ({ useOnline, useTill: () => ({ catalogue: { channel: { slug: "us" } }, session: { store: { id: "s1" } } }) }));

const hit = { group: { productId: "p1" }, items: [] } as unknown as Hit;

beforeEach(() => {
  vi.useFakeTimers();
  recordSearch.mockReset().mockResolvedValue(undefined);
  reportOpen.mockReset().mockResolvedValue(undefined);
  useOnline.mockReturnValue(true);
});
afterEach(() => vi.useRealTimers());

function typing(...texts: string[]) {
  const till = renderHook(({ text }) => useSearchLog(text), { initialProps: { text: "" } });
  const type = (text: string, pause = 300) => {
    till.rerender({ text });
    act(() => void vi.advanceTimersByTime(pause));
  };
  texts.forEach((text) => type(text));
  return { till, type };
}

it("counts a text once, when it has stood for a while, and none of its beginnings", () => {
  const { type } = typing("i", "ip", "ipad");
  expect(recordSearch).not.toHaveBeenCalled();
  type("ipad ", 5000);
  expect(recordSearch.mock.calls).toEqual([["us", "s1", "ipad"]]);
});

it("counts it when something is chosen, with what and where, and not again while it stands", () => {
  const { till, type } = typing("case");
  till.result.current(hit, 3);
  till.result.current(hit, 1, "SPOTLIGHT");
  type("case", 5000);
  expect(recordSearch.mock.calls).toEqual([["us", "s1", "case"]]);
  expect(reportOpen.mock.calls.map(([, , opened]) => opened as unknown)).toEqual([
    { text: "case", productId: "p1", position: 3, source: "RESULTS" },
    { text: "case", productId: "p1", position: 1, source: "SPOTLIGHT" },
  ]);
});

it("counts the same words for the next customer", () => {
  const { type } = typing();
  type("case", 5000);
  type("");
  type("case", 5000);
  expect(recordSearch).toHaveBeenCalledTimes(2);
});

it("counts nothing without a text, nor without a network", () => {
  const { till, type } = typing();
  till.result.current(hit, 1);
  useOnline.mockReturnValue(false);
  type("case", 5000);
  till.result.current(hit, 1);
  expect(recordSearch).not.toHaveBeenCalled();
  expect(reportOpen).not.toHaveBeenCalled();
});
