import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Case } from "../../../app/resolution";
import { startTranslations } from "../../../i18n";
import { Settle } from "./Settle";

const EFFECT = ["490154203237518: In stock → Sold, on the books of Main Street"];
vi.mock("../../../app/resolution", () => ({ namingEffect: vi.fn() }));
vi.mock("../../../hooks/useAnswer", () => ({ useAnswer: (key: string | null) => ({ value: key === null ? undefined : EFFECT, problem: null, again: vi.fn() }) }));
vi.mock("../../../hooks/useData", () => ({ useTill: () => ({ index: { item: () => ({ serialised: true, kind: "DEVICE" }) } }) }));
vi.mock("../../../hooks/useKept", () => ({ useDraft: (_: string, start: unknown) => useState(start) }));
vi.mock("../../../hooks/useScanner", () => ({ useScanner: vi.fn() }));

const found = {
  contradiction: { id: "c1", sku: "PHONE", name: "Phone", serial: "1" },
  proposals: [{ settlement: "REALLY_SOLD", numbers: 0, effect: ["Colma: Transfer out, -1 × PHONE"] }, { settlement: "NAME_UNITS", numbers: 1, effect: [] }],
} as unknown as Case;

beforeAll(async () => {
  window.matchMedia = ((query: string) => ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() })) as unknown as typeof window.matchMedia;
  await startTranslations();
});
afterEach(cleanup);

it("says that naming the right piece is still to be told, until it is named and told", async () => {
  render(<MantineProvider><Settle found={found} acting={{ act: vi.fn(), busy: false, refusal: null }} again={vi.fn()} /></MantineProvider>);
  const later = () => screen.queryByText("What it does is shown when the right piece is named.");
  expect(later()).not.toBeNull();
  await userEvent.click(screen.getByRole("radio", { name: /^The scan was wrong or missing/ }));
  expect(later()).not.toBeNull();
  await userEvent.type(screen.getByRole("textbox", { name: "Scan, or type the number" }), "490154203237518{Enter}");
  expect(screen.getByText(EFFECT[0] ?? "")).toBeTruthy();
  expect(later()).toBeNull();
});
