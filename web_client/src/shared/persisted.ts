/**
 * Sending a document by its id: the server keeps the clients' own operations, so their texts need not travel.
 * A server of another version may not know the id: it gets the text, then and from then on.
 */

/** A document of graphql-codegen: its text, and in `__meta__.hash` the id under which the server keeps it. */
export interface PersistedDocument {
  __meta__?: Record<string, unknown>;
  toString(): string;
}

interface Answer {
  errors?: { extensions?: { code?: string } }[];
}

// BAD_REQUEST is what a server answers that has never heard of persisted documents.
const UNKNOWN = new Set(["PERSISTED_DOCUMENT_NOT_FOUND", "BAD_REQUEST"]);
const textsWanted = new Set<string>();

/** Call `send` with the request's body, a second time with the document's text if its id is unknown. */
export async function sendDocument<TAnswer extends Answer>(
  document: PersistedDocument,
  variables: unknown,
  send: (body: string) => Promise<TAnswer>,
): Promise<TAnswer> {
  const id = document.__meta__?.hash;
  if (typeof id === "string" && !textsWanted.has(id)) {
    const answer = await send(JSON.stringify({ documentId: id, variables }));
    const code = answer.errors?.[0]?.extensions?.code ?? "";
    if (!UNKNOWN.has(code)) return answer;
    if (code === "PERSISTED_DOCUMENT_NOT_FOUND") textsWanted.add(id);
  }
  return send(JSON.stringify({ query: document.toString(), variables }));
}
