import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import i18n from "../i18n";
import { ConfiguratorPage } from "./ConfiguratorPage";
import { family, usd } from "@shared/bundle/fixtures";
import type { Configuration } from "@shared/bundle/prices";

const call = vi.hoisted(() => vi.fn());
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), call }));
vi.mock("../session/shop", () => ({ useShop: () => ({ channel: "us" }), useShopContext: () => ({ channel: "us", salesChannel: "WEB" }) }));

const valid: Configuration = {
  valid: true, promiseDate: "2099-12-08", violations: [], dueToday: usd("20.57"), monthly: usd("51.65"), totalOverTerm: usd("1260.17"),
  firstBill: usd("12.05"), firstBillDate: "2099-12-01", firstBillDays: 5, firstBillOfDays: 30, validUntil: "2099-11-27T05:00:00Z", exitCosts: [usd("400.00"), usd("200.00"), usd("0.00")],
  lines: [{ sku: "PHONE", name: "phone", group: "device", instance: 1, quantity: 1, oneTime: usd("20.57"), recurring: usd("0.00"), instalmentMonths: 24,
    instalment: usd("21.65"), firstBill: usd("3.61"), availableFrom: "2099-11-30", explanation: [{ label: "List price", amount: usd("499.00") }] }],
};
const broken: Configuration = {
  ...valid, valid: false, promiseDate: null,
  violations: [{ code: "RULE_REQUIRES", message: "The case needs a phone.", group: "extra", instance: 1, sku: "CASE", remedy: "Take the tablet.",
    changes: [{ group: "device", instance: 1, sku: "TABLET", units: 1 }] }],
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
    for (const text of ["$20.57", "$12.05", "$1,260.17", "from Dec 8, 2099", "On December 1, 2099: 5 of the first 30 days, then every whole month."]) {
      expect(within(summary).getByText(text)).toBeTruthy();
    }
    expect(screen.getByText("List price")).toBeTruthy();
    expect(screen.getAllByRole("row", { hidden: true })).toHaveLength(4);
    expect(asked()[0].selections).toEqual([
      { group: "device", instance: 1, sku: "PHONE", quantity: 1 }, { group: "plan", instance: 1, sku: "PLAN-S", quantity: 1 },
    ]);
    expect((within(summary).getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(false);
  });

  it("says what is wrong where it was caused, mends it at one tap, and takes that back", async () => {
    await show(broken);
    const extra = await screen.findByRole("region", { name: "extra" });
    await within(extra).findByText("The case needs a phone.");
    expect((screen.getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(true);
    await userEvent.click(within(screen.getByRole("complementary", { name: "Summary" })).getByRole("button", { name: "The case needs a phone." }));
    expect(document.activeElement).toBe(extra);

    await userEvent.click(within(extra).getByRole("button", { name: /^Make this change/ }));
    expect(document.activeElement?.id).toBe("group-device-1");
    expect(screen.getByText("Changed: Take the tablet.")).toBeTruthy();
    await waitFor(() => expect(asked().at(-1).selections[0]).toMatchObject({ group: "device", sku: "TABLET" }));
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked().at(-1).selections[0]).toMatchObject({ group: "device", sku: "PHONE" }));
  });

  it("asks what the product asks, what belongs to it once it is told, and says at the field what is wrong", async () => {
    await show({ ...valid, valid: false, violations: [{ code: "CHARACTERISTIC_INVALID", message: "“Number to bring” cannot be right.", group: "plan", instance: 1,
      sku: "PLAN-S", characteristic: "portIn", remedy: "Give a telephone number with its area code.", changes: [] }] });
    const number = await screen.findByRole("textbox", { name: "Number to bring" });
    expect(screen.queryByRole("textbox", { name: "Transfer PIN" })).toBeNull();
    await userEvent.type(number, "12");
    await userEvent.tab();
    await waitFor(() => expect(asked().at(-1).selections[1].characteristics).toEqual([{ name: "portIn", value: "12" }]));
    expect(number.getAttribute("aria-invalid")).toBe("true");
    expect(await screen.findByText("“Number to bring” cannot be right. Give a telephone number with its area code.")).toBeTruthy();
    expect(screen.getByRole("textbox", { name: "Transfer PIN" })).toBeTruthy();
    expect(screen.getByRole("combobox", { name: "Old phone" }).textContent).toContain("Grade A: $120.00 off today");
  });

  it("offers to ask again once prices have run out, and tells what is another", async () => {
    await show({ ...valid, validUntil: "2020-01-01T00:00:00Z" });
    await screen.findByText(/have run out/);
    expect((screen.getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(true);
    call.mockImplementation(() => Promise.resolve({ configureBundle: { ...valid, monthly: usd("53.00") } }));
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(await screen.findByText("Every month $53.00, before $51.65.")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Add to cart" }) as HTMLButtonElement).disabled).toBe(false);
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
