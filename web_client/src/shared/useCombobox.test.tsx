import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { optionId, useCombobox } from "./useCombobox";

function Field({ keys, onChoose }: { keys: string[]; onChoose: (index: number) => void }) {
  const box = useCombobox({ keys, onChoose, onClear: () => undefined });
  return <input role="combobox" aria-expanded aria-controls="list" aria-activedescendant={box.active >= 0 ? optionId("list", box.active) : undefined} onFocus={box.open} onKeyDown={box.onKeyDown} />;
}

function shown(keys: string[]) {
  const onChoose = vi.fn();
  const { rerender } = render(<Field keys={keys} onChoose={onChoose} />);
  const field = screen.getByRole("combobox");
  fireEvent.focus(field);
  return {
    onChoose,
    press: (key: string) => fireEvent.keyDown(field, { key }),
    list: (next: string[]) => rerender(<Field keys={next} onChoose={onChoose} />),
    active: () => field.getAttribute("aria-activedescendant"),
  };
}

describe("an option under the keyboard", () => {
  it("stays there when another list still has it", () => {
    const box = shown(["a", "b", "c"]);
    box.press("ArrowDown");
    box.press("ArrowDown");
    expect(box.active()).toBe(optionId("list", 1));
    box.list(["x", "a", "b"]);
    expect(box.active()).toBe(optionId("list", 2));
    box.press("Enter");
    expect(box.onChoose).toHaveBeenCalledExactlyOnceWith(2);
  });

  it("is none when another list has it no more, and the keyboard begins at the first one", () => {
    const box = shown(["a", "b"]);
    box.press("ArrowDown");
    box.list(["x", "y"]);
    expect(box.active()).toBeNull();
    box.press("Enter");
    expect(box.onChoose).not.toHaveBeenCalled();
    box.press("ArrowDown");
    expect(box.active()).toBe(optionId("list", 0));
  });

  it("goes round through the text", () => {
    const box = shown(["a", "b"]);
    box.press("ArrowUp");
    expect(box.active()).toBe(optionId("list", 1));
    box.press("ArrowDown");
    expect(box.active()).toBeNull();
  });

  it("has an id that no text's place can be mistaken for", () => {
    expect([0, 1, 11].map((index) => optionId("list", index)).filter((id) => id.endsWith("-1"))).toEqual([]);
  });
});
