import { afterEach, describe, expect, it, vi } from "vitest";
import { orderCodes, pendingCompletion, pickupCodes, type PendingCompletion } from "../session/stores";
import { complete, intentFor } from "./complete";
import { isAvailable, optionsToShow, type PickupOption } from "./PickupStep";
import { slotsByDay } from "./SlotPicker";
import { offersTestCards } from "./testCards";

const wish = { cartId: "c", method: "CARD", token: "tok_3ds", total: "10.00" } as const;
const answer = (cartComplete: object) =>
  vi.stubGlobal("fetch", vi.fn(async () => new Response(JSON.stringify({ data: { cartComplete } }))));

afterEach(() => {
  vi.unstubAllGlobals();
  pendingCompletion.set(null);
  pickupCodes.set(null);
  orderCodes.set(null);
});

describe("placing an order", () => {
  it("keeps one intent for one wish, and makes a new one when card or total differ", () => {
    const first: PendingCompletion = intentFor(wish, null);
    expect(intentFor(wish, first)).toBe(first);
    expect(intentFor({ ...wish, token: "tok_ok" }, first).key).not.toBe(first.key);
    expect(intentFor({ ...wish, total: "11.00" }, first).key).not.toBe(first.key);
  });

  it("stays pending while the bank asks, under the same key", async () => {
    answer({ order: null, paymentActionUrl: "/fake-card/1/", errors: [] });
    const intent = intentFor(wish);
    expect(await complete(intent)).toEqual({ paymentActionUrl: "http://localhost:3000/fake-card/1/" });
    expect(pendingCompletion.get()).toEqual(intent);
    expect(intentFor(wish).key).toBe(intent.key);
  });

  it("refuses to go to an address that is no web page", async () => {
    answer({ order: null, paymentActionUrl: "javascript:alert(1)", errors: [] });
    await expect(complete(intentFor(wish))).rejects.toThrow();
  });

  it("keeps the pickup code for this session and ends the intent", async () => {
    answer({ order: { id: "o", pickups: [{ id: "p", handOverCode: "7KQM2XVA" }] }, paymentActionUrl: null, errors: [] });
    await complete(intentFor(wish));
    expect(pickupCodes.get()).toEqual({ p: "7KQM2XVA" });
    expect(pendingCompletion.get()).toBeNull();
    expect(orderCodes.get()).toBeNull();
    expect(localStorage.length).toBe(0);
  });

  it("keeps a guest's code of the order for this session", async () => {
    answer({ order: { id: "o", guestCode: "4MB7XK2Q", pickups: [] }, paymentActionUrl: null, errors: [] });
    await complete(intentFor(wish));
    expect(orderCodes.get()).toEqual({ o: "4MB7XK2Q" });
    expect(localStorage.length).toBe(0);
  });

  it("ends the intent when the card is declined, keeps it when the answer is lost", async () => {
    answer({ order: null, paymentActionUrl: null, errors: [{ code: "PAYMENT_DECLINED", message: "Declined." }] });
    await expect(complete(intentFor(wish))).rejects.toThrow("Declined.");
    expect(pendingCompletion.get()).toBeNull();
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("lost"))));
    await expect(complete(intentFor(wish))).rejects.toThrow();
    expect(pendingCompletion.get()).toMatchObject(wish);
  });
});

describe("pickup options", () => {
  const option = (id: string, complete: boolean, slots = 1) =>
    ({ complete, store: { id }, slots: Array.from({ length: slots }, () => ({})) }) as unknown as PickupOption;

  it("shows first who can hand over everything, and few of the others", () => {
    const shown = optionsToShow([option("a", false), option("b", true), option("c", true, 0), option("d", false), option("e", false)]);
    expect(shown.map(({ store }) => store.id)).toEqual(["b", "a", "c", "d"]);
    expect(shown.filter(isAvailable)).toHaveLength(1);
  });

  it("groups times by the store's own days", () => {
    const slot = (start: string) => ({ id: start, start, end: start, remaining: 1 });
    const late = slot("2026-11-23T04:00:00Z");
    const early = slot("2026-11-23T15:00:00Z");
    expect(slotsByDay([late, early], "America/Chicago").map(([day]) => day)).toEqual(["2026-11-22", "2026-11-23"]);
    expect(slotsByDay([late, early], "UTC")).toHaveLength(1);
  });
});

describe("test cards", () => {
  it("are offered by a demonstration only", () => {
    expect(offersTestCards({ status: "ok", demo: true }, "shop.example")).toBe(true);
    expect(offersTestCards({ status: "ok", demo: false }, "localhost")).toBe(false);
    expect(offersTestCards({ status: "ok" }, "shop.example")).toBe(false);
    expect(offersTestCards(undefined, "127.0.0.1")).toBe(true);
  });
});
