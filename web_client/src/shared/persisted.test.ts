import { describe, expect, it, vi } from "vitest";
import { sendDocument } from "./persisted";

const document = (hash?: string) => ({ __meta__: hash ? { hash } : undefined, toString: () => "{ text }" });
const unknown = (code: string) => ({ errors: [{ message: "?", extensions: { code } }] });
const server = (...answers: object[]) => vi.fn(async (_body: string) => answers.shift() ?? { data: {} });
const bodies = (send: ReturnType<typeof server>) => send.mock.calls.map(([body]) => JSON.parse(body) as unknown);
const byId = (id: string) => ({ documentId: id, variables: { n: 1 } });
const byText = { query: "{ text }", variables: { n: 1 } };

describe("sendDocument", () => {
  it("sends the id alone", async () => {
    const send = server({ data: { ok: true } });
    expect(await sendDocument(document("sha256:a"), { n: 1 }, send)).toEqual({ data: { ok: true } });
    expect(bodies(send)).toEqual([byId("sha256:a")]);
  });

  it("sends the text to a server that does not know the id, and remembers that", async () => {
    const send = server(unknown("PERSISTED_DOCUMENT_NOT_FOUND"));
    expect(await sendDocument(document("sha256:b"), { n: 1 }, send)).toEqual({ data: {} });
    await sendDocument(document("sha256:b"), { n: 1 }, send);
    expect(bodies(send)).toEqual([byId("sha256:b"), byText, byText]);
  });

  it("sends the text to a server that has never heard of ids", async () => {
    const send = server(unknown("BAD_REQUEST"));
    expect(await sendDocument(document("sha256:c"), { n: 1 }, send)).toEqual({ data: {} });
    expect(bodies(send)).toEqual([byId("sha256:c"), byText]);
  });

  it("leaves other refusals as they are", async () => {
    const send = server(unknown("NOT_FOUND"));
    expect(await sendDocument(document("sha256:d"), { n: 1 }, send)).toEqual(unknown("NOT_FOUND"));
    expect(bodies(send)).toHaveLength(1);
  });

  it("sends the text of a document without an id", async () => {
    const send = server();
    await sendDocument(document(), { n: 1 }, send);
    expect(bodies(send)).toEqual([byText]);
  });
});
