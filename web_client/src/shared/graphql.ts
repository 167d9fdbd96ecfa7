/** Talking to the storefront API: one POST per operation, and failures sorted by what a person can do about them. */

import { sendDocument, type PersistedDocument } from "./persisted";

/** A document of graphql-codegen (documentMode string): its text, with the types of its result and variables. */
export interface TypedDocument<TResult, TVariables> extends PersistedDocument {
  __apiType?: (variables: TVariables) => TResult;
}

/** What a person or a business rule got wrong, as the API says it. */
export interface ApiProblem {
  code: string;
  message: string;
  field?: string | null;
}

/** The request never got an answer: no network, no server, or an answer that is no GraphQL. */
export class NetworkError extends Error {
  constructor(readonly status: number | null = null) {
    super("NETWORK");
    this.name = "NetworkError";
  }
}

/** The API refused the operation as a whole; `code` is stable, `message` is for people. */
export class ApiRequestError extends Error implements ApiProblem {
  readonly code: string;
  readonly field: string | null;

  constructor(problem: ApiProblem) {
    super(problem.message);
    this.name = "ApiRequestError";
    this.code = problem.code;
    this.field = problem.field ?? null;
  }
}

export interface RequestOptions {
  url?: string;
  token?: string | null;
  language?: string;
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Milliseconds after which an unanswered request counts as a network failure. */
  timeout?: number;
}

interface GraphqlBody<TResult> {
  data?: TResult | null;
  errors?: { message: string; extensions?: { code?: string; field?: string | null } }[];
}

const DEFAULT_TIMEOUT = 20_000;

/** Run a document. Throws NetworkError or ApiRequestError; an aborted request throws the signal's reason. */
export async function request<TResult, TVariables>(
  document: TypedDocument<TResult, TVariables>,
  variables: TVariables,
  options: RequestOptions = {},
): Promise<TResult> {
  const body = await sendDocument(document, variables, (sent) => post<TResult>(sent, options));
  const [error] = body.errors ?? [];
  if (error) {
    const { code = "INTERNAL", field = null } = error.extensions ?? {};
    throw new ApiRequestError({ code, field, message: error.message });
  }
  if (!body.data) throw new NetworkError();
  return body.data;
}

async function post<TResult>(body: string, options: RequestOptions): Promise<GraphqlBody<TResult>> {
  const limit = AbortSignal.timeout(options.timeout ?? DEFAULT_TIMEOUT);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  let response: Response;
  try {
    response = await fetch(options.url ?? "/graphql/", { method: "POST", headers: headersFor(options), body, signal });
    // Awaited here: a connection lost in the middle of an answer is a network failure too.
    const parsed = (await response.json()) as GraphqlBody<TResult>;
    if (!parsed.data && !parsed.errors?.length) throw new NetworkError(response.status);
    return parsed;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    if (error instanceof NetworkError) throw error;
    throw new NetworkError();
  }
}

function headersFor(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "application/json" };
  if (options.token) headers.Authorization = `Bearer ${options.token}`;
  if (options.language) headers["Accept-Language"] = options.language;
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  return headers;
}
