import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiRequestError, NetworkError, request, type TypedDocument } from "./graphql";

const document: TypedDocument<{ ok: boolean }, { id: string }> = { toString: () => "query Ok($id: ID!) { ok }" };
const answer = (body: unknown, status = 200) => vi.fn(async () => new Response(JSON.stringify(body), { status }));

afterEach(() => vi.unstubAllGlobals());

describe("request", () => {
  it("sends who asks, in which language, and under which key", async () => {
    const fetch = answer({ data: { ok: true } });
    vi.stubGlobal("fetch", fetch);
    const options = { token: "t", language: "zh-Hans", idempotencyKey: "k" };
    expect(await request(document, { id: "1" }, options)).toEqual({ ok: true });
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe("/graphql/");
    expect(init.headers).toMatchObject({ Authorization: "Bearer t", "Accept-Language": "zh-Hans", "Idempotency-Key": "k" });
    expect(JSON.parse(String(init.body))).toEqual({ query: "query Ok($id: ID!) { ok }", variables: { id: "1" } });
  });

  it("tells a refusal with its code and field", async () => {
    vi.stubGlobal("fetch", answer({ data: null, errors: [{ message: "No.", extensions: { code: "INVALID", field: "first" } }] }));
    const error = await request(document, { id: "1" }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiRequestError);
    expect(error).toMatchObject({ code: "INVALID", field: "first", message: "No." });
  });

  it("tells a lost connection and an answer that is none", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("failed"))));
    await expect(request(document, { id: "1" })).rejects.toBeInstanceOf(NetworkError);
    vi.stubGlobal("fetch", vi.fn(async () => new Response("<html>Bad gateway</html>", { status: 502 })));
    await expect(request(document, { id: "1" })).rejects.toBeInstanceOf(NetworkError);
    vi.stubGlobal("fetch", answer({}, 503));
    await expect(request(document, { id: "1" })).rejects.toMatchObject({ status: 503 });
  });
});
