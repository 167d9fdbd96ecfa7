/** The shop's way to the API: language, session and repeatable mutations. */

import { ApiRequestError, type ApiProblem, NetworkError, request, type TypedDocument } from "@shared/graphql";
import { IntentKeys } from "@shared/idempotency";
import i18n from "../i18n";
import { freshToken, renewSession } from "../session/session";

/** A mutation was refused; `problems` are the API's own words. */
export class PayloadError extends Error {
  constructor(readonly problems: ApiProblem[]) {
    super(problems.map((problem) => problem.message).join(" "));
    this.name = "PayloadError";
  }
}

export interface CallOptions {
  key?: string;
  signal?: AbortSignal;
}

/** Run a document as whoever is signed in; a session that ended is renewed once, then given up. */
export async function call<TResult, TVariables>(
  document: TypedDocument<TResult, TVariables>,
  variables: TVariables,
  { key, signal }: CallOptions = {},
): Promise<TResult> {
  const token = await freshToken();
  const options = { language: i18n.language, idempotencyKey: key, signal };
  try {
    return await request(document, variables, { ...options, token });
  } catch (error) {
    if (!token || !(error instanceof ApiRequestError) || error.code !== "UNAUTHENTICATED") throw error;
    return request(document, variables, { ...options, token: await renewSession() });
  }
}

/** Codes after which the very same request may succeed: it is repeated with the same key. */
const TRANSIENT = new Set(["TRY_AGAIN", "IN_PROGRESS", "CORE_UNAVAILABLE"]);
const PAUSES = [700, 1500, 3000];

interface Payload {
  errors: ApiProblem[];
}

/** True when repeating the same request is the remedy. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  if (error instanceof ApiRequestError) return TRANSIENT.has(error.code) || error.code === "INTERNAL";
  return error instanceof PayloadError && error.problems.some((problem) => TRANSIENT.has(problem.code));
}

const keys = new IntentKeys();

/**
 * Carry out a mutation. The same intent with the same variables keeps its key until the outcome is known, so a retry
 * after a lost answer never acts twice. Throws PayloadError, ApiRequestError or NetworkError.
 */
export async function perform<TResult, TVariables, TPayload extends Payload>(
  intent: string,
  document: TypedDocument<TResult, TVariables>,
  variables: TVariables,
  pick: (result: TResult) => TPayload,
): Promise<TPayload> {
  const key = keys.keyFor(intent, variables);
  try {
    const payload = await repeatWhileTransient(document, variables, pick, key);
    keys.settle(intent);
    return payload;
  } catch (error) {
    if (!isTransient(error)) keys.settle(intent);
    throw error;
  }
}

/** One mutation under one key, repeated with growing pauses while the server asks for patience. */
export async function repeatWhileTransient<TResult, TVariables, TPayload extends Payload>(
  document: TypedDocument<TResult, TVariables>,
  variables: TVariables,
  pick: (result: TResult) => TPayload,
  key: string,
): Promise<TPayload> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const payload = pick(await call(document, variables, { key }));
      if (payload.errors.length) throw new PayloadError(payload.errors);
      return payload;
    } catch (error) {
      const pause = PAUSES[attempt];
      if (error instanceof NetworkError || pause === undefined || !isPatienceAsked(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function isPatienceAsked(error: unknown): boolean {
  return isTransient(error) && !(error instanceof ApiRequestError && error.code === "INTERNAL");
}
