import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { describe, expect, it, vi } from "vitest";
import type { ProductCardFieldsFragment } from "../gql/graphql";
import i18n from "../i18n";
import { ProductCard } from "./ProductCard";

vi.mock("../session/shop", () => ({ useShop: () => ({ country: "US", currency: "USD", pricesIncludeTax: false }), useShopContext: () => ({ channel: "us" }) }));

const usd = (amount: string) => ({ amount, currency: "USD" });
const product = (kind: ProductCardFieldsFragment["kind"], price: string, monthly: string): ProductCardFieldsFragment => ({
  id: "p1", slug: "p1", name: "Thing", brand: null, kind, thumbnailUrl: null, price: usd(price), monthlyPriceFrom: { monthly: usd(monthly) }, attributes: [], variants: [],
});

async function shown(found: ProductCardFieldsFragment, nearest?: { name: string; distanceKm: number; quantity: number }) {
  await i18n.changeLanguage("en");
  render(<MantineProvider><MemoryRouter><ProductCard product={found} nearest={nearest} /></MemoryRouter></MantineProvider>);
  return screen.getByRole("article").textContent ?? "";
}

describe("a product's card", () => {
  it("tells what a device costs a month with a plan", async () => {
    expect(await shown(product("DEVICE", "589.00", "49.00"))).toContain("or from $49.00 a month with a plan");
  });

  it("tells of a plan the month's price in an offer only where it is less", async () => {
    expect(await shown(product("PLAN", "45.00", "40.50"))).toContain("from $40.50 a month in an offer");
  });

  it("keeps silent about an offer that costs more than the service alone, since it has more in it", async () => {
    expect(await shown(product("SERVICE", "30.00", "60.00"))).not.toContain("$60.00");
  });

  it("says how many the nearest store has, and how far that is", async () => {
    expect(await shown(product("DEVICE", "589.00", "49.00"), { name: "Union Square", distanceKm: 6.3, quantity: 3 })).toContain("3 at Union Square · 3.9 mi");
  });
});
