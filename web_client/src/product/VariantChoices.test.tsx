import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { NetworkError } from "@shared/graphql";
import "../i18n";
import { ErrorNote } from "../ui/ErrorNote";
import { VariantChoices } from "./VariantChoices";

const variant = (sku: string, colour: string, storage: string) => ({
  sku,
  attributes: [
    { name: "colour", label: "Colour", values: [colour] },
    { name: "storage", label: "Storage", values: [storage] },
  ],
});
const black = variant("B128", "Black", "128 GB");

describe("VariantChoices", () => {
  it("names every colour for those who do not see it, and leads to the variant chosen", async () => {
    const onChoose = vi.fn();
    render(<VariantChoices variants={[black, variant("R128", "Red", "128 GB")]} current={black} onChoose={onChoose} />);
    expect(screen.getByRole("group", { name: "Colour: Black" })).toBeTruthy();
    expect(screen.queryByRole("group", { name: /Storage/ })).toBeNull();
    await userEvent.click(screen.getByRole("radio", { name: "Red" }));
    expect(onChoose).toHaveBeenCalledWith("R128");
  });
});

describe("ErrorNote", () => {
  const show = (error: unknown, onRetry = vi.fn()) => {
    render(<MantineProvider><ErrorNote error={error} onRetry={onRetry} /></MantineProvider>);
    return onRetry;
  };

  it("offers to try again when that may help", async () => {
    const onRetry = show(new NetworkError());
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("is not there without a problem", () => {
    show(null);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
