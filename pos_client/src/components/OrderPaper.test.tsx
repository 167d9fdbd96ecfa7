import { usd } from "@shared/bundle/fixtures";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Ordered } from "../app/offers";
import { startTranslations } from "../i18n";
import { OrderPaper } from "./OrderPaper";

vi.mock("../hooks/useData", () => ({ useTill: () => ({ session: { store: { name: "Main Street", streetAddress: "1 Main St", city: "Austin", postalCode: "78701", phone: null } } }) }));

const ordered: Ordered = {
  id: "o1", number: "O-1", promiseDate: "2099-12-08", total: usd("29.99"), monthly: usd("55.00"),
  lines: [
    { id: "l1", name: "Free Plus", quantity: 1, total: usd("0.00"), serials: [], availableFrom: "2099-12-08", bundleId: "b1" },
    { id: "l2", name: "Phone", quantity: 1, total: usd("20.00"), serials: ["355440070000008"], availableFrom: null, bundleId: "b1" },
    { id: "l3", name: "Case", quantity: 2, total: usd("9.99"), serials: [], availableFrom: null, bundleId: null },
  ],
  bundles: [{ id: "b1", name: "Family", term: 24, promiseDate: "2099-12-08", monthly: usd("55.00"), firstBill: { date: "2099-12-01", days: 5, ofDays: 30, total: usd("12.05") } }],
};

beforeAll(startTranslations);
afterEach(cleanup);

it("says the plan by the month, the day of each part and of the whole, and the first bill", () => {
  render(<OrderPaper ordered={ordered} buyer="Kim Osei" />);
  const items = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(items).toEqual([
    "Family$55.00 a month, 24 monthsFirst bill$12.05On December 1, 2099: 5 of the first 30 days, then every whole month.",
    "Free Plusfrom December 8, 2099", "Phone$20.00S/N 355440070000008", "2 × Case$9.99",
  ]);
  const rows = screen.getAllByRole("term").map((term) => [term.textContent, term.nextElementSibling?.textContent]);
  expect(rows).toEqual([["Every month", "$55.00"], ["All of it works", "from December 8, 2099"], ["Due today", "$29.99"]]);
});

it("says of an order without offers what it holds alone", () => {
  const [, , item] = ordered.lines;
  render(<OrderPaper ordered={{ ...ordered, promiseDate: null, monthly: usd("0.00"), bundles: [], lines: item ? [item] : [] }} buyer="" />);
  expect(screen.getAllByRole("term").map(({ textContent }) => textContent)).toEqual(["Due today"]);
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["2 × Case$9.99"]);
});
