import { ApiRequestError, NetworkError } from "@shared/graphql";
import { describe, expect, it, vi } from "vitest";
import { PayloadError } from "./client";
import { byField, problemsOf } from "./problems";

describe("problemsOf", () => {
  it("keeps the API's own words", () => {
    const problems = [{ code: "SLOT_FULL", message: "Taken.", field: "delivery.pickupSlotId" }];
    expect(problemsOf(new PayloadError(problems))).toEqual(problems);
    expect(problemsOf(new ApiRequestError({ code: "INVALID", message: "No.", field: null }))[0]?.message).toBe("No.");
  });

  it("says that the network failed, and hides the details of a bug", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(problemsOf(new NetworkError())[0]?.code).toBe("NETWORK");
    expect(problemsOf(new TypeError("x is undefined"))[0]?.message).not.toContain("undefined");
    expect(problemsOf(null)).toEqual([]);
  });
});

describe("byField", () => {
  const problem = (field: string | null) => ({ code: "INVALID", message: field ?? "form", field });

  it("puts each problem at its field, by the innermost name of its path", () => {
    const sorted = byField([problem("contact.email"), problem("contact.billingAddress.phone")], ["email", "phone"]);
    expect(sorted).toEqual({ fields: { email: "contact.email", phone: "contact.billingAddress.phone" }, rest: [] });
  });

  it("keeps the others, and a field's second problem, for the form", () => {
    const sorted = byField([problem("email"), problem("email"), problem("cartId"), problem(null)], ["email"]);
    expect(sorted.fields).toEqual({ email: "email" });
    expect(sorted.rest.map(({ message }) => message)).toEqual(["email", "cartId", "form"]);
  });
});
