import { ApiRequestError, NetworkError, type TypedDocument } from "@shared/graphql";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { session, signedOutNotice } from "../session/stores";
import { call, PayloadError, perform } from "./client";

interface Result {
  change: { errors: { code: string; message: string }[]; value?: number };
}

const document: TypedDocument<Result, { n: number }> = { toString: () => "mutation Change($n: Int!) { change }" };
const pick = (result: Result) => result.change;
const done = { data: { change: { errors: [], value: 1 } } };
const refused = (code: string) => ({ data: { change: { errors: [{ code, message: code }] } } });

/** Answers in order; an Error stands for a lost connection. */
function answers(...bodies: unknown[]) {
  const fetch = vi.fn(async () => {
    const body = bodies.shift();
    if (body instanceof Error) throw body;
    return new Response(JSON.stringify(body));
  });
  vi.stubGlobal("fetch", fetch);
  return {
    keys: () => fetch.mock.calls.map((call) => headers(call)["Idempotency-Key"]),
    tokens: () => fetch.mock.calls.map((call) => headers(call).Authorization),
  };
}

const headers = (call: unknown[]) => (call[1] as RequestInit).headers as Record<string, string>;

/** The mutation, with its pauses skipped. */
async function change(n = 1) {
  const outcome = perform("change", document, { n }, pick);
  outcome.catch(() => undefined);
  await vi.runAllTimersAsync();
  return outcome;
}

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  session.set(null);
  signedOutNotice.set(null);
});

describe("perform", () => {
  it("repeats with the same key after a lost answer, and with a new one after success", async () => {
    const sent = answers(new TypeError("lost"), done, done);
    await expect(change()).rejects.toBeInstanceOf(NetworkError);
    await change();
    await change();
    const [lost, repeated, next] = sent.keys();
    expect(lost).toBeTruthy();
    expect(repeated).toBe(lost);
    expect(next).not.toBe(lost);
  });

  it("repeats by itself with the same key while the server asks for patience", async () => {
    const sent = answers(refused("TRY_AGAIN"), refused("IN_PROGRESS"), done);
    expect((await change()).value).toBe(1);
    expect(new Set(sent.keys()).size).toBe(1);
    expect(sent.keys()).toHaveLength(3);
  });

  it("gives up on patience after a while and keeps the key for the shopper's own retry", async () => {
    const sent = answers(...Array.from({ length: 4 }, () => refused("TRY_AGAIN")), done);
    await expect(change()).rejects.toBeInstanceOf(PayloadError);
    await change();
    expect(sent.keys()).toHaveLength(5);
    expect(new Set(sent.keys()).size).toBe(1);
  });

  it("takes a new key after a refusal, for the same and for another wish", async () => {
    const sent = answers(refused("INSUFFICIENT_STOCK"), refused("INSUFFICIENT_STOCK"), done);
    await expect(change(9)).rejects.toMatchObject({ problems: [{ code: "INSUFFICIENT_STOCK" }] });
    await expect(change(9)).rejects.toBeInstanceOf(PayloadError);
    await change(2);
    expect(new Set(sent.keys()).size).toBe(3);
  });
});

describe("call", () => {
  const unauthenticated = { data: null, errors: [{ message: "Sign in.", extensions: { code: "UNAUTHENTICATED" } }] };
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const signedIn = { token: "old", refreshToken: "r", expiresAt: later, email: "ada@example.com" };

  it("renews a session that the server no longer knows, and asks again", async () => {
    session.set(signedIn);
    const renewed = { data: { refreshSession: { token: "new", refreshToken: "r2", expiresAt: later, errors: [] } } };
    const sent = answers(unauthenticated, renewed, done);
    await call(document, { n: 1 });
    expect(sent.tokens()).toEqual(["Bearer old", undefined, "Bearer new"]);
    expect(session.get()).toMatchObject({ token: "new", refreshToken: "r2" });
  });

  it("goes on as a guest, and says so, when the session cannot be renewed", async () => {
    session.set(signedIn);
    const sent = answers(unauthenticated, { data: { refreshSession: { token: null, errors: [{ code: "X", message: "x" }] } } }, done);
    await call(document, { n: 1 });
    expect(sent.tokens().at(-1)).toBeUndefined();
    expect(session.get()).toBeNull();
    expect(signedOutNotice.get()?.code).toBe("UNAUTHENTICATED");
  });

  it("tells a guest who must sign in", async () => {
    answers(unauthenticated);
    await expect(call(document, { n: 1 })).rejects.toBeInstanceOf(ApiRequestError);
  });
});
