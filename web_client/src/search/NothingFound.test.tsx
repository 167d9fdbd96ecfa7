import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { expect, it, vi } from "vitest";
import i18n from "../i18n";
import { CountDocument, TypeaheadDocument } from "../api/catalogueDocuments";
import { checkedAddress } from "../session/stores";
import { NothingFound } from "./NothingFound";
import type { SearchState } from "./searchState";

const call = vi.hoisted(() => vi.fn());
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), call }));
vi.mock("../session/shop", () => ({ useShop: () => ({ channel: "us", currency: "USD" }), useShopContext: () => ({ channel: "us", salesChannel: "WEB", storeId: null }) }));
vi.mock("../stores/useStores", () => ({ useStores: () => ({ data: [] }) }));

const AT_ADDRESS = { dimension: "at_address", values: ["true"] };
const state: SearchState = { text: "fibre", refinements: [AT_ADDRESS, { dimension: "brand", values: ["Nobody"] }], sort: "RELEVANCE" };

async function show(queries: string[]) {
  await i18n.changeLanguage("en");
  checkedAddress.set({ qualificationId: "q1", premisesId: "p1", label: "12 Main St", expirationDate: "2099-01-01T00:00:00Z" });
  call.mockImplementation((document: unknown, { input }: { input?: { refinements?: unknown[] } }) => {
    if (document === CountDocument) return Promise.resolve({ guidedSearch: { totalCount: input?.refinements?.length === 1 ? 3 : 0 } });
    if (document === TypeaheadDocument) return Promise.resolve({ typeahead: { queries, categories: [], products: [] } });
    return Promise.resolve({ guidedSearch: { dimensions: [] } });
  });
  const onChange = vi.fn();
  render(
    <MantineProvider><QueryClientProvider client={new QueryClient()}><MemoryRouter>
      <NothingFound state={state} onChange={onChange} />
    </MemoryRouter></QueryClientProvider></MantineProvider>,
  );
  return onChange;
}

it("offers other words than those that found nothing, and without the filters", async () => {
  const onChange = await show(["Fibre", "fibre 300"]);
  await userEvent.click(await screen.findByRole("button", { name: "fibre 300" }));
  expect(onChange).toHaveBeenCalledWith({ ...state, text: "fibre 300", refinements: [] });
  expect(screen.queryByRole("button", { name: "Fibre" })).toBeNull();
});

it("counts the ways on where the shopper lives, so that a choice of the address stays one", async () => {
  const onChange = await show([]);
  await userEvent.click(await screen.findByRole("button", { name: /Nobody.*3/ }));
  expect(onChange).toHaveBeenCalledWith({ ...state, refinements: [AT_ADDRESS] });
  const asked = call.mock.calls.filter(([document]) => document === CountDocument || document === TypeaheadDocument);
  expect(asked.length).toBeGreaterThan(3);
  expect(new Set(asked.map(([, variables]) => (variables as { context: { premisesId: string } }).context.premisesId))).toEqual(new Set(["p1"]));
});
