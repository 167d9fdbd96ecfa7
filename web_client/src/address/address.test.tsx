import { MantineProvider } from "@mantine/core";
import { formatShortDate } from "@shared/time";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import i18n from "../i18n";
import { AddressForm } from "@shared/address/AddressForm";
import { QualificationView } from "@shared/address/QualificationView";
import { isExpired, keptOf, type Qualification, questionOf } from "@shared/address/answers";
import { useAddressSuggestions } from "./useAddress";
import { WaitForm } from "./WaitForm";

const call = vi.hoisted(() => vi.fn());
vi.mock("../api/client", async (original) => ({ ...(await original<object>()), call }));

const FUTURE = "2099-01-01T00:00:00Z";
const qualification: Qualification = {
  id: "q1", premisesId: "p1", normalisedAddress: "12 MAIN ST", matchConfidence: "EXACT", result: "ALTERNATE", expirationDate: FUTURE,
  items: [
    { category: "BROADBAND", technology: "FTTH", result: "ALTERNATE", downloadMbps: 1000, uploadMbps: 500, serviceAvailabilityDate: "2099-12-08",
      reasons: [{ code: "NO_CAPACITY", label: "The area is full until more is built." }],
      alternates: [
        { category: "BROADBAND", technology: "FTTH", downloadMbps: 1000, alternateServiceAvailabilityDate: "2099-12-08" },
        { category: "BROADBAND", technology: "NR", downloadMbps: 300, alternateServiceAvailabilityDate: "2099-11-30" },
      ] },
    { category: "TV", technology: null, result: "UNQUALIFIED", downloadMbps: null, uploadMbps: null, serviceAvailabilityDate: null,
      reasons: [{ code: "NO_FOOTPRINT", label: "No network here." }], alternates: [] },
  ],
};

const show = (node: React.ReactNode) =>
  render(<MantineProvider><QueryClientProvider client={new QueryClient()}>{node}</QueryClientProvider></MantineProvider>);

beforeEach(async () => {
  call.mockReset();
  await i18n.changeLanguage("en");
});

describe("the session's address", () => {
  it("is called as the network calls it, else as it was typed", () => {
    expect(keptOf(qualification, "12 main")).toEqual({ qualificationId: "q1", premisesId: "p1", label: "12 MAIN ST", expirationDate: FUTURE });
    expect(keptOf({ ...qualification, normalisedAddress: null, premisesId: null }, "12 main").label).toBe("12 main");
  });

  it("is asked again by its premises, else by its text", () => {
    const kept = keptOf(qualification, "12 main");
    expect(questionOf(kept).input).toEqual({ premisesId: "p1" });
    expect(questionOf({ ...kept, premisesId: null }).input).toEqual({ addressText: "12 MAIN ST" });
  });

  it("runs out at its moment", () => {
    expect(isExpired({ expirationDate: FUTURE }, Date.parse(FUTURE) - 1)).toBe(false);
    expect(isExpired({ expirationDate: FUTURE }, Date.parse(FUTURE))).toBe(true);
  });

  it("has days in the reader's language, with their year when it is another", () => {
    const now = new Date("2026-11-26T12:00:00Z");
    expect(formatShortDate("2026-12-08", "en", now)).toBe("Dec 8");
    expect(formatShortDate("2027-01-02", "en", now)).toBe("Jan 2, 2027");
    expect(formatShortDate("2026-12-08", "zh-Hans", now)).toBe("12月8日");
  });
});

describe("the answer", () => {
  it("says service by service from when, why not, and what else, not the same thing twice", () => {
    show(<QualificationView qualification={qualification} onAskAgain={vi.fn()} waiting={(category) => <WaitForm qualificationId="q1" category={category} />} />);
    const [broadband, tv] = screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.closest("li") as HTMLElement);
    expect(broadband?.textContent).toContain("Later, or in another way");
    expect(broadband?.textContent).toContain("from Dec 8, 2099");
    expect(within(broadband as HTMLElement).getAllByRole("listitem")).toHaveLength(1);
    expect(broadband?.textContent).toContain("5G");
    expect(tv?.textContent).toContain("No network here.");
    expect(within(tv as HTMLElement).getByRole("button", { name: "Tell me when it comes" })).toBeTruthy();
  });

  it("offers to ask again once it has run out", async () => {
    const again = vi.fn();
    show(<QualificationView qualification={{ ...qualification, expirationDate: "2020-01-01T00:00:00Z" }} onAskAgain={again} />);
    await userEvent.click(screen.getByRole("button", { name: "Check again" }));
    expect(again).toHaveBeenCalledOnce();
  });
});

describe("the field", () => {
  it("takes a suggestion by the keyboard alone", async () => {
    call.mockResolvedValue({ addressSuggestions: [{ premisesId: "p1", label: "12 Main St" }, { premisesId: "p2", label: "14 Main St" }] });
    const ask = vi.fn();
    show(<AddressForm isPending={false} useSuggestions={useAddressSuggestions} onAsk={ask} label="Your address" action="Check" />);
    await userEvent.type(screen.getByRole("combobox"), "main st");
    await screen.findAllByRole("option");
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(ask).toHaveBeenCalledWith({ input: { premisesId: "p2" }, typed: "14 Main St" });
  });

  it("checks what is typed out where nothing is suggested", async () => {
    call.mockRejectedValue(new Error("no suggestions today"));
    const ask = vi.fn();
    show(<AddressForm isPending={false} useSuggestions={useAddressSuggestions} onAsk={ask} label="Your address" action="Check" />);
    await userEvent.type(screen.getByRole("combobox"), " 9 Elm Rd {Enter}");
    expect(ask).toHaveBeenCalledWith({ input: { addressText: "9 Elm Rd" }, typed: "9 Elm Rd" });
  });
});
