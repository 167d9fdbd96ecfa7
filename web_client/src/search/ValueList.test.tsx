import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import i18n from "../i18n";
import type { Dimension } from "./useResults";
import { ValueList } from "./ValueList";

const values = Array.from({ length: 9 }, (_, index) => ({ value: `v${index}`, label: `Value ${index}`, count: index ? 9 - index : 0, selected: false, level: 0, parent: null }));

function show(valueLimit: number | null) {
  const dimension: Dimension = { name: "size", label: "Size", kind: "TERMS", minimum: null, maximum: null, valueLimit, values };
  render(<MantineProvider><ValueList dimension={dimension} state={{ text: "", refinements: [], sort: "RELEVANCE" }} onChange={() => undefined} /></MantineProvider>);
}

beforeEach(async () => {
  await i18n.changeLanguage("en");
});

describe("a dimension's values", () => {
  it("are as many as merchandisers say, the rest on demand", async () => {
    show(3);
    expect(screen.getAllByRole("checkbox")).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { expanded: false }));
    expect(screen.getAllByRole("checkbox")).toHaveLength(9);
  });

  it("are seven where nobody said, and all where that is no more than is shown", () => {
    show(null);
    expect(screen.getAllByRole("checkbox")).toHaveLength(7);
  });

  it("are all shown within the limit, and what has no product cannot be chosen", () => {
    show(9);
    const boxes = screen.getAllByRole("checkbox");
    expect(boxes).toHaveLength(9);
    expect(boxes.map((box) => (box as HTMLInputElement).disabled)).toEqual([true, ...Array<boolean>(8).fill(false)]);
    expect(screen.queryByRole("button", { expanded: false })).toBeNull();
  });
});
