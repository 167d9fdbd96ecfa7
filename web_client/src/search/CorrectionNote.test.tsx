import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import i18n from "../i18n";
import { CorrectionNote } from "./CorrectionNote";
import type { SearchState } from "./searchState";
import type { SearchPage } from "./useResults";

const state: SearchState = { text: "pixle blue", refinements: [{ dimension: "brand", values: ["Google"] }], sort: "NEWEST" };

async function show(correction: SearchPage["correction"], shown = state) {
  await i18n.changeLanguage("en");
  const page: SearchPage = { totalCount: 3, exactCount: 3, edges: [], pageInfo: { hasNextPage: false, endCursor: null }, breadcrumbs: [], correction, redirectUrl: null };
  const onChange = vi.fn();
  const { container } = render(<CorrectionNote page={page} state={shown} onChange={onChange} />);
  return { container, onChange };
}

describe("a correction", () => {
  it("says what is shown and was left out, and does not lead back to what nothing has", async () => {
    const { container } = await show({ original: "pixle blue", corrected: "pixel", applied: true, dropped: ["blue"] });
    expect(container.textContent).toContain("Showing results for pixel.");
    expect(container.querySelector("strong")?.textContent).toBe("pixel");
    expect(container.querySelector("s")?.textContent).toBe("blue");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("searches as typed on request", async () => {
    const { onChange } = await show({ original: "pixle blue", corrected: "pixel blue", applied: true, dropped: [] });
    await userEvent.click(screen.getByRole("button", { name: "pixle blue" }));
    expect(onChange).toHaveBeenCalledWith({ ...state, verbatim: true });
  });

  it("is only proposed where the text was kept", async () => {
    const verbatim = { ...state, verbatim: true };
    const { container, onChange } = await show({ original: "pixle blue", corrected: "pixel blue", applied: false, dropped: [] }, verbatim);
    expect(container.textContent).toContain("Did you mean");
    await userEvent.click(screen.getByRole("button", { name: "pixel blue" }));
    expect(onChange).toHaveBeenCalledWith({ ...state, text: "pixel blue" });
  });

  it("is not said without one", async () => {
    const { container } = await show(null);
    expect(container.textContent).toBe("");
  });
});
