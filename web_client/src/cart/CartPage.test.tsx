import { MantineProvider } from "@mantine/core";
import { usd } from "@shared/bundle/fixtures";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PayloadError } from "../api/client";
import i18n from "../i18n";
import { cartId } from "../session/stores";
import { CartPage } from "./CartPage";
import type { Cart } from "./useCart";

const { call, perform } = vi.hoisted(() => ({ call: vi.fn(), perform: vi.fn() }));
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), call, perform }));
vi.mock("../session/shop", () => ({ useShop: () => ({ channel: "us", pricesIncludeTax: false }), useShopContext: () => ({ channel: "us", salesChannel: "WEB" }) }));

const zero = usd("0.00");
const line = { id: "l1", sku: "FIBER", name: "Fibre 500", quantity: 1, unitPrice: zero, total: zero, monthly: usd("50.00"), availableFrom: "2099-12-15", bundleId: "b1" };
const bundle: Cart["bundles"][number] = {
  id: "b1", offerCode: "home", name: "Home", term: 24, qualificationId: "q1", promiseDate: "2099-12-15", quoteExpiresAt: "2099-01-01T00:00:00Z",
  dueToday: zero, monthly: usd("50.00"), totalOverTerm: usd("1200.00"), selections: [{ group: "net", instance: 1, sku: "FIBER", quantity: 1, characteristics: [] }], requoted: null,
};
const settled: Cart = {
  id: "c1", channel: "us", promiseDate: null, reservedUntil: null, contact: { firstName: null, lastName: null, email: null, phone: null }, lines: [line], bundles: [bundle],
  problems: [], deliveries: [], subtotal: zero, discountTotal: zero, shippingTotal: zero, tax: zero, total: zero, monthly: usd("50.00"),
};
const later = { code: "DATE_CHANGED", field: "lines.0", message: "Fibre 500 works later than you were told." };

async function show(cart: Cart) {
  await i18n.changeLanguage("en");
  cartId.set("c1");
  call.mockImplementation((_: unknown, variables: Record<string, unknown>) => Promise.resolve("id" in variables ? { cart } : { product: null }));
  const router = createMemoryRouter([{ path: "/cart", element: <CartPage /> }, { path: "/offers/:code", element: <h1>The offer</h1> }], { initialEntries: ["/cart"] });
  render(<MantineProvider><QueryClientProvider client={new QueryClient()}><RouterProvider router={router} /></QueryClientProvider></MantineProvider>);
  await screen.findByRole("heading", { name: "Your cart" });
  return router;
}

const region = () => screen.getByRole("region", { name: "Before the order" });
const checkout = () => screen.queryByRole("link", { name: "Checkout" });

describe("the cart", () => {
  beforeEach(() => { call.mockReset(); perform.mockReset(); });

  it("leads to the checkout while nothing is to be settled", async () => {
    await show(settled);
    expect(region().textContent).toBe("");
    expect(checkout()).not.toBeNull();
  });

  it("tells a later day, agrees with it at one tap, and only then leads to the checkout", async () => {
    await show({ ...settled, problems: [later] });
    expect(within(region()).getByRole("heading").textContent).toBe("1 thing to settle before the order");
    expect(within(region()).getByText(later.message)).toBeTruthy();
    expect(checkout()).toBeNull();
    perform.mockResolvedValue({ cart: settled, errors: [] });
    await userEvent.click(within(region()).getByRole("button", { name: /^Agree with Dec 15, 2099\s*: Fibre 500$/ }));
    expect(perform.mock.calls[0]?.[2]).toEqual({ cartId: "c1", lines: [{ lineId: "l1", date: "2099-12-15" }] });
    expect(await screen.findByRole("link", { name: "Checkout" })).toBeTruthy();
    expect(region().textContent).toBe("");
  });

  it("that is refused says why and shows what holds by now", async () => {
    await show({ ...settled, problems: [later] });
    perform.mockRejectedValue(new PayloadError([{ code: "DATE_CHANGED", message: "From December 20 on." }]));
    const asked = () => call.mock.calls.filter(([, variables]) => "id" in variables).length;
    expect(asked()).toBe(1);
    await userEvent.click(within(region()).getByRole("button", { name: /^Agree with/ }));
    expect(await screen.findByText("From December 20 on.")).toBeTruthy();
    expect(asked()).toBe(2);
    expect(checkout()).toBeNull();
  });

  it("takes a new price for the same bundle", async () => {
    const requoted = { refusal: null, promiseDate: "2099-12-15", dueToday: zero, monthly: usd("53.00"), totalOverTerm: usd("1272.00") };
    await show({ ...settled, bundles: [{ ...bundle, requoted }] });
    expect(within(region()).getByText("Every month $53.00, before $50.00.")).toBeTruthy();
    perform.mockResolvedValue({ cart: settled, errors: [] });
    await userEvent.click(within(region()).getByRole("button", { name: /^Take the new price\s*: Home$/ }));
    expect(perform.mock.calls[0]?.[2]).toEqual({ cartId: "c1", bundleId: "b1", configuration: { offerCode: "home", term: 24, qualificationId: "q1", selections: bundle.selections } });
    expect(await screen.findByRole("link", { name: "Checkout" })).toBeTruthy();
  });

  it("leads to the offer where another must be chosen", async () => {
    const router = await show({ ...settled, problems: [{ ...later, code: "SERVICE_NOT_AVAILABLE" }] });
    await userEvent.click(within(region()).getByRole("button", { name: /^Choose another\s*: Fibre 500$/ }));
    await screen.findByRole("heading", { name: "The offer" });
    expect(router.state.location.search).toBe("?bundle=b1");
    expect(perform).not.toHaveBeenCalled();
  });
});
