import { MantineProvider } from "@mantine/core";
import { usd } from "@shared/bundle/fixtures";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { RequestFailure } from "../../api/client";
import type { Cart } from "../../app/offers";
import { startTranslations } from "../../i18n";
import { OfferCart } from "./OfferCart";

const { again, mendCart, placeOrder, shown } = vi.hoisted(() => ({ again: vi.fn(), mendCart: vi.fn(), placeOrder: vi.fn(), shown: { cart: null as unknown } }));
vi.mock("../../app/offers", () => ({ mendCart, placeOrder, removeBundle: vi.fn(), removeLine: vi.fn(), forgetCart: vi.fn() }));
vi.mock("../../hooks/useData", () => ({ useOnline: () => true }));
vi.mock("../../hooks/useOffers", () => ({ useOfferCart: () => ({ value: shown.cart, problem: null, again }), usePlace: () => ({ channel: "us", storeId: "s1" }) }));

const zero = usd("0.00");
const cart = (problems: Cart["problems"]): Cart => ({
  id: "c1", channel: "us", promiseDate: "2099-12-15", reservedUntil: null, contact: { firstName: "Kim", lastName: "Osei", email: "kim@example.com", phone: null },
  lines: [{ id: "l1", sku: "FIBER", name: "Fibre 500", quantity: 1, unitPrice: zero, total: zero, monthly: usd("50.00"), availableFrom: "2099-12-15", bundleId: "b1" }],
  bundles: [{ id: "b1", offerCode: "home", name: "Home", term: 24, qualificationId: "q1", promiseDate: "2099-12-15", quoteExpiresAt: "2099-01-01T00:00:00Z",
    dueToday: zero, monthly: usd("50.00"), totalOverTerm: usd("1200.00"), selections: [], requoted: null }],
  problems, deliveries: [], subtotal: zero, discountTotal: zero, shippingTotal: zero, tax: zero, total: zero, monthly: usd("50.00"),
});
const later = { code: "DATE_CHANGED", field: "lines.0", message: "Fibre 500 works later than you were told." };

function show(problems: Cart["problems"]) {
  shown.cart = cart(problems);
  render(<MantineProvider><OfferCart /></MantineProvider>);
}

const region = () => screen.getByRole("region", { name: "Before the order" });
const order = () => screen.getByRole("button", { name: "Place the order" }) as HTMLButtonElement;

beforeAll(async () => {
  window.matchMedia = ((query: string) => ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() })) as unknown as typeof window.matchMedia;
  await startTranslations();
});
beforeEach(() => { again.mockReset(); mendCart.mockReset(); placeOrder.mockReset(); });
afterEach(cleanup);

it("orders nothing before the customer agrees with a later day, which takes one tap", async () => {
  show([later]);
  expect(within(region()).getByText(later.message)).toBeTruthy();
  expect(order().disabled).toBe(true);
  mendCart.mockResolvedValue(cart([]));
  await userEvent.click(within(region()).getByRole("button", { name: /^Agree with Dec 15, 2099/ }));
  expect(mendCart.mock.calls).toEqual([["c1", { kind: "ACCEPT_DATE", lineId: "l1", day: "2099-12-15" }]]);
  expect(again).toHaveBeenCalledTimes(1);
});

it("leads to the offer where a part can no longer be had", async () => {
  show([{ ...later, code: "SERVICE_NOT_AVAILABLE" }]);
  await userEvent.click(within(region()).getByRole("button", { name: /^Choose another/ }));
  expect(window.location.hash).toBe("#/offers/configure/home/b1");
  expect(mendCart).not.toHaveBeenCalled();
});

it("loads the cart anew after an order was refused: it has what must be settled", async () => {
  show([]);
  expect(region().textContent).toBe("");
  placeOrder.mockRejectedValue(new RequestFailure("refused", "DATE_CHANGED", later.message));
  await userEvent.click(order());
  expect(await screen.findByText(later.message, {}, { timeout: 10_000 })).toBeTruthy();
  expect(again).toHaveBeenCalledTimes(1);
});
