/** One way to the server: a GraphQL request that either answers with data or fails with a reason that callers can act on. */

import { sendDocument } from "@shared/persisted";
import type { TypedDocumentString } from "../gql/graphql";

/**
 * network: nothing is known to have reached the server, or it is too busy: send again later.
 * auth: the session ended; the same request works after signing in.
 * forbidden: this person may not do it.
 * refused: the server says what is wrong with the request (`code`, `message`).
 * server: the server failed or answered nonsense.
 */
export type FailureKind = "network" | "auth" | "forbidden" | "refused" | "server";

export class RequestFailure extends Error {
  constructor(readonly kind: FailureKind, readonly code: string, message: string) {
    super(message);
    this.name = "RequestFailure";
  }
}

export interface RequestOptions {
  token?: string;
  /** Same key, same outcome: a repeat after a lost answer does nothing twice. */
  idempotencyKey?: string;
  language: string;
}

const TIMEOUT_MS = 15_000;
const BUSY = new Set([408, 425, 429, 502, 503, 504]);

interface GraphQLAnswer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

type Listener = (reached: boolean) => void;
const listeners = new Set<Listener>();

/** Calls `listener` after each request with whether the server was reached; returns the way to stop it. */
export function onReach(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function report(reached: boolean): void {
  for (const listener of listeners) listener(reached);
}

export async function request<R, V>(
  document: TypedDocumentString<R, V>, variables: V, options: RequestOptions, endpoint = "/graphql/",
): Promise<R> {
  const answer = await sendDocument(document, variables, async (body) => {
    const response = await post(endpoint, body, options);
    return { status: response.status, ...(await readAnswer<R>(response)) };
  });
  const [error] = answer.errors ?? [];
  if (error) throw failureOf(error.extensions?.code ?? "", error.message);
  if (!answer.data) throw new RequestFailure("server", "SERVER_ERROR", `HTTP ${answer.status}`);
  return answer.data;
}

async function post(endpoint: string, body: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = {
    "Content-Type": "application/json", Accept: "application/json", "Accept-Language": options.language,
  };
  if (options.token) headers.Authorization = `Bearer ${options.token}`;
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(endpoint, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    report(false);
    throw new RequestFailure("network", "NETWORK", error instanceof Error ? error.message : String(error));
  }
  if (BUSY.has(response.status)) {
    report(false);
    throw new RequestFailure("network", "BUSY", `HTTP ${response.status}`);
  }
  report(true);
  if (response.status === 401) throw new RequestFailure("auth", "UNAUTHENTICATED", "HTTP 401");
  return response;
}

async function readAnswer<T>(response: Response): Promise<GraphQLAnswer<T>> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch (error) {
    // A broken connection while reading is the network's fault; a body that is no JSON is the server's.
    const cut = !(error instanceof SyntaxError);
    throw new RequestFailure(cut ? "network" : "server", cut ? "NETWORK" : "SERVER_ERROR", `HTTP ${response.status}`);
  }
  if (typeof answer !== "object" || answer === null) throw new RequestFailure("server", "SERVER_ERROR", `HTTP ${response.status}`);
  return answer;
}

function failureOf(code: string, message: string): RequestFailure {
  if (code === "UNAUTHENTICATED") return new RequestFailure("auth", code, message);
  if (code === "PERMISSION_DENIED") return new RequestFailure("forbidden", code, message);
  if (code === "TRY_AGAIN" || code === "CORE_UNAVAILABLE") return new RequestFailure("network", code, message);
  return new RequestFailure(code ? "refused" : "server", code || "SERVER_ERROR", message);
}
