import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { offerRoute, stockRoute, useRoute } from "./useRoute";

function at(hash: string) {
  const { result } = renderHook(() => useRoute());
  act(() => {
    window.location.hash = hash;
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  });
  return result.current;
}

describe("the address of a screen", () => {
  it("leads to it, with what is open and which part of it is meant", () => {
    expect(at(offerRoute("configure", "phone & plan", "b/1"))).toEqual({ view: "offers", screen: "configure", id: "phone & plan", part: "b/1" });
    expect(at(offerRoute())).toEqual({ view: "offers", screen: null, id: null, part: null });
    expect(at(stockRoute("lookup", "A1"))).toEqual({ view: "stock", screen: "lookup", id: "A1", part: null });
    expect(at("#/sales/x")).toEqual({ view: "sales", screen: null, id: "x", part: null });
  });
});
