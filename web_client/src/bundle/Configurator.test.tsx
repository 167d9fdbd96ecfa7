import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import i18n from "../i18n";
import { ConfiguratorPage } from "./ConfiguratorPage";
import { family, usd } from "./fixtures";
import type { Configuration } from "./prices";

const call = vi.hoisted(() => vi.fn());
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), call }));
vi.mock("../session/shop", () => ({ useShop: () => ({ channel: "us" }), useShopContext: () => ({ channel: "us", salesChannel: "WEB" }) }));

const valid: Configuration = {
  valid: true, promiseDate: "2099-12-08", violations: [], dueToday: usd("20.57"), monthly: usd("51.65"), totalOverTerm: usd("1260.17"),
  firstBill: usd("12.05"), exitCosts: [usd("400.00"), usd("200.00"), usd("0.00")],
  lines: [{ sku: "PHONE", name: "phone", group: "device", instance: 1, quantity: 1, oneTime: usd("20.57"), recurring: usd("0.00"), instalmentMonths: 24,
    instalment: usd("21.65"), availableFrom: "2099-11-30", explanation: [{ label: "List price", amount: usd("499.00") }] }],
};
const broken: Configuration = {
  ...valid, valid: false, promiseDate: null,
  violations: [{ code: "RULE_REQUIRES", message: "The case needs a phone.", group: "extra", instance: 1, sku: "CASE", remedy: "Take the phone.",
    changes: [{ group: "device", instance: 1, sku: "PHONE", units: 1 }] }],
};

async function show(configuration: Configuration) {
  await i18n.changeLanguage("en");
  call.mockImplementation((_: unknown, variables: Record<string, unknown> = {}) => Promise.resolve(
    "input" in variables ? { configureBundle: configuration }
      : "sku" in variables && "after" in variables ? { bundleOffers: { edges: [{ node: family }], pageInfo: { hasNextPage: false } } } : { product: null },
  ));
  const router = createMemoryRouter([{ path: "/offers/:code", element: <ConfiguratorPage /> }], { initialEntries: ["/offers/family"] });
  render(<MantineProvider><QueryClientProvider client={new QueryClient()}><RouterProvider router={router} /></QueryClientProvider></MantineProvider>);
  await screen.findByRole("heading", { name: "Family" });
}

const asked = () => call.mock.calls.map(([, variables]) => variables?.input).filter(Boolean);

describe("the configurator", () => {
  beforeEach(() => call.mockReset());

  it("asks for the defaults and shows every sum, the day of the whole, and why a part costs so much", async () => {
    await show(valid);
    const summary = await screen.findByRole("complementary", { name: "Summary" });
    await within(summary).findByText("$51.65");
    for (const text of ["$20.57", "$12.05", "$1,260.17", "from Dec 8, 2099"]) expect(within(summary).getByText(text)).toBeTruthy();
    expect(screen.getByText("List price")).toBeTruthy();
    expect(screen.getAllByRole("row", { hidden: true })).toHaveLength(4);
    expect(asked()[0].selections).toEqual([
      { group: "device", instance: 1, sku: "PHONE", quantity: 1 }, { group: "plan", instance: 1, sku: "PLAN-S", quantity: 1 },
    ]);
    expect((within(summary).getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(false);
  });

  it("shows what a remedy would change and changes nothing by itself", async () => {
    await show(broken);
    const before = (await screen.findByRole("button", { name: "Show what to change" })).closest("li") as HTMLElement;
    const questions = asked().length;
    expect((screen.getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(true);
    await userEvent.click(within(before).getByRole("button"));
    expect(within(before).getByRole("status").textContent).toBe("Take the phone.");
    const device = document.activeElement as HTMLElement;
    expect(device.id).toBe("group-device-1");
    expect(within(device).getByText("Add 1")).toBeTruthy();
    expect(asked()).toHaveLength(questions);
  });

  it("adds lines up to the offer's limit, each with the defaults", async () => {
    await show(valid);
    const more = await screen.findByRole("button", { name: "Add another: line" });
    await userEvent.click(more);
    await userEvent.click(more);
    expect(screen.queryByRole("button", { name: "Add another: line" })).toBeNull();
    expect(screen.getAllByRole("radiogroup", { name: "device" })).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { name: /Remove.*line 2/ }));
    expect(screen.getAllByRole("radiogroup", { name: "device" })).toHaveLength(2);
  });
});
