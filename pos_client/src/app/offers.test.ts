import { beforeEach, describe, expect, it, vi } from "vitest";
import { RequestFailure } from "../api/client";
import { db } from "../store/db";
import { type Cart, checkAddress, claimCart, mendCart, orderedOf, placeOrder, saveBundle } from "./offers";

const call = vi.hoisted(() => vi.fn());
vi.mock("./till", () => ({ call, repeated: (send: (key: string) => unknown) => send("key") }));

const PLACE = { channel: "us", storeId: "s1" };
const usd = (amount: string) => ({ amount, currency: "USD" });
const cart = (bundles: string[] = [], total = "20.57"): Cart => ({
  id: "c1", channel: "us", promiseDate: null, contact: { firstName: null, lastName: null, email: null, phone: null }, lines: [], subtotal: usd(total), tax: usd("0.00"), total: usd(total), monthly: usd("55.00"),
  bundles: bundles.map((id) => ({ id, offerCode: "family", name: "Family", term: 24, qualificationId: null, promiseDate: null, quoteExpiresAt: "2099-01-01T00:00:00Z",
    dueToday: usd(total), monthly: usd("55.00"), totalOverTerm: usd("1320.00"), selections: [], requoted: null })),
  problems: [], deliveries: [], discountTotal: usd("0.00"), shippingTotal: usd("0.00"), reservedUntil: null,
});
const INPUT = { offerCode: "family", term: 24, selections: [], qualificationId: null };
const BUYER = { firstName: "Kim", lastName: "Osei", email: "kim@example.com", phone: "" };

/** The server's answers by the field that is asked for; what is asked is noted. */
function server(answers: Record<string, unknown>) {
  const asked: string[] = [];
  call.mockImplementation((document: { toString(): string }) => {
    const field = Object.keys(answers).find((name) => new RegExp(`\\b${name}\\(`).test(document.toString())) ?? "";
    asked.push(field);
    return Promise.resolve({ [field]: answers[field] });
  });
  return asked;
}

beforeEach(async () => {
  await db.settings.clear();
  call.mockReset();
});

describe("the register's cart of bundles", () => {
  it("is made with the first bundle and taken again for the next", async () => {
    const asked = server({ cartCreate: { cart: cart(), errors: [] }, cartBundleAdd: { cart: cart(["b1"]), errors: [] }, cart: cart(["b1"]) });
    await saveBundle(PLACE, INPUT, null);
    expect(await db.setting("offerCart")).toEqual({ id: "c1" });
    await saveBundle(PLACE, INPUT, null);
    expect(asked).toEqual(["cartCreate", "cartBundleAdd", "cart", "cartBundleAdd"]);
  });

  it("is kept when the bundle is refused, with the server's sentence", async () => {
    server({ cartCreate: { cart: cart(), errors: [] }, cartBundleAdd: { cart: null, errors: [{ code: "INVALID_CONFIGURATION", message: "A plan is missing." }] } });
    await expect(saveBundle(PLACE, INPUT, null)).rejects.toMatchObject({ kind: "refused", code: "INVALID_CONFIGURATION", message: "A plan is missing." });
    expect(await db.setting("offerCart")).toEqual({ id: "c1" });
  });

  it("changes a bundle that is in it, and adds one that was taken out meanwhile", async () => {
    await db.putSetting("offerCart", { id: "c1" });
    const asked = server({ cart: cart(["b1"]), cartBundleUpdate: { cart: cart(["b1"]), errors: [] }, cartBundleAdd: { cart: cart(["b1", "b2"]), errors: [] } });
    await saveBundle(PLACE, INPUT, "b1");
    await saveBundle(PLACE, INPUT, "gone");
    expect(asked).toEqual(["cart", "cartBundleUpdate", "cart", "cartBundleAdd"]);
  });

  it("is another once a customer's code was taken over; a wrong code changes nothing", async () => {
    server({ cartClaim: { cart: null, errors: [{ code: "SHARE_CODE_INVALID", message: "This code is wrong." }] } });
    await expect(claimCart(PLACE, "ABCD")).rejects.toBeInstanceOf(RequestFailure);
    expect(await db.setting("offerCart")).toBeUndefined();
    server({ cartClaim: { cart: cart(["b1"]), errors: [] } });
    await claimCart(PLACE, "ABCD");
    expect(await db.setting("offerCart")).toEqual({ id: "c1" });
  });
});

describe("what is another than was told", () => {
  it("is settled by its own act, with what the screen showed", async () => {
    const asked = server({ cartDatesAccept: { cart: cart(), errors: [] }, cartBundleUpdate: { cart: cart(), errors: [] }, cartLinesUpdate: { cart: cart(), errors: [] } });
    await mendCart("c1", { kind: "ACCEPT_DATE", lineId: "l1", day: "2099-12-15" });
    expect(call.mock.calls.at(-1)?.[1]).toEqual({ cartId: "c1", lines: [{ lineId: "l1", date: "2099-12-15" }] });
    await mendCart("c1", { kind: "TAKE_PRICE", bundleId: "b1", configuration: INPUT });
    expect(call.mock.calls.at(-1)?.[1]).toEqual({ cartId: "c1", bundleId: "b1", configuration: INPUT });
    await mendCart("c1", { kind: "REMOVE_LINE", lineId: "l1", name: "Fibre" });
    expect(call.mock.calls.at(-1)?.[1]).toEqual({ cartId: "c1", lines: [{ lineId: "l1", quantity: 0 }] });
    expect(asked).toEqual(["cartDatesAccept", "cartBundleUpdate", "cartLinesUpdate"]);
  });

  it("that has moved again is refused in the server's words", async () => {
    server({ cartDatesAccept: { cart: null, errors: [{ code: "DATE_CHANGED", message: "From December 20 on." }] } });
    await expect(mendCart("c1", { kind: "ACCEPT_DATE", lineId: "l1", day: "2099-12-15" })).rejects.toMatchObject({ code: "DATE_CHANGED", message: "From December 20 on." });
  });
});

describe("the order", () => {
  const ordered = { id: "o1", number: "O-1", promiseDate: "2099-12-08", total: usd("20.57"), monthly: usd("55.00"), lines: [], bundles: [] };
  const placed = (pickups: { id: string; handOverCode: string | null }[]) => ({ order: { ...ordered, pickups }, errors: [] });

  it("is handed over and paid in this store; the next customer begins anew", async () => {
    await db.putSetting("offerCart", { id: "c1" });
    const asked = server({ cartContactUpdate: { cart: cart(), errors: [] }, cartDeliveryUpdate: { cart: cart(), errors: [] }, cartComplete: placed([{ id: "p1", handOverCode: "7K2M" }]) });
    expect(await placeOrder(PLACE, "c1", BUYER)).toEqual({ ordered, buyer: "Kim Osei", pickupId: "p1", handOverCode: "7K2M" });
    expect(asked).toEqual(["cartContactUpdate", "cartDeliveryUpdate", "cartComplete"]);
    expect(call.mock.calls.at(-1)?.[1]).toEqual({ cartId: "c1", payments: [{ method: "PAY_IN_STORE" }] });
    expect(await db.setting("offerCart")).toBeUndefined();
  });

  it("needs no pickup where nothing is handed over, and no payment where nothing is due", async () => {
    server({ cartContactUpdate: { cart: cart([], "0.00"), errors: [] }, cartDeliveryUpdate: { cart: null, errors: [{ code: "INVALID", message: "Nothing to collect." }] }, cartComplete: placed([]) });
    expect(await placeOrder(PLACE, "c1", BUYER)).toMatchObject({ pickupId: null, handOverCode: null });
    expect(call.mock.calls.at(-1)?.[1]).toEqual({ cartId: "c1", payments: [] });
  });

  it("that is refused leaves the cart", async () => {
    await db.putSetting("offerCart", { id: "c1" });
    server({ cartContactUpdate: { cart: cart(), errors: [] }, cartDeliveryUpdate: { cart: null, errors: [{ code: "INSUFFICIENT_STOCK", message: "None here." }] } });
    await expect(placeOrder(PLACE, "c1", BUYER)).rejects.toMatchObject({ message: "None here." });
    expect(await db.setting("offerCart")).toEqual({ id: "c1" });
  });
});

describe("what an order holds, for the receipt of its payment", () => {
  it("is left out where the server cannot tell: the money is taken all the same", async () => {
    call.mockRejectedValue(new RequestFailure("network", "NETWORK", "lost"));
    expect(await orderedOf("o1")).toBeNull();
    server({ order: { id: "o1", number: "O-1" } });
    expect(await orderedOf("o1")).toMatchObject({ number: "O-1" });
  });
});

describe("an address", () => {
  it("is kept with its answer; what else could be meant is told", async () => {
    const qualification = { id: "q1", premisesId: null, normalisedAddress: null, matchConfidence: "AREA", result: "UNQUALIFIED", items: [], expirationDate: "2099-01-01T00:00:00Z" };
    const meant = [{ premisesId: "p1", label: "12 Main St" }];
    server({ qualifyService: { qualification, suggestions: meant, errors: [] } });
    expect(await checkAddress({ input: { addressText: "12 main" }, typed: "12 main" })).toEqual(meant);
    expect(await db.setting("address")).toEqual({ qualificationId: "q1", premisesId: null, label: "12 main", expirationDate: "2099-01-01T00:00:00Z" });
  });
});
