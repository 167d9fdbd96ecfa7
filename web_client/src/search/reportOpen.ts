/** Tells the search log which result was opened, so that what people choose can rank higher and be reported. */

import i18n from "../i18n";
import type { ContextInput } from "../gql/graphql";

export interface OpenedResult {
  context: ContextInput;
  /** What was searched for, as typed. */
  text: string;
  productId: string;
  /** Place in the list, from 1. */
  position: number;
  source: "RESULTS" | "TYPEAHEAD" | "SPOTLIGHT";
}

/** The log is part of the API from this version on. */
const IS_RECORDED: boolean = false;

const DOCUMENT = `
  mutation SearchResultOpen($input: SearchResultOpenInput!) {
    searchResultOpen(input: $input) { errors { code } }
  }
`;

/**
 * Sent without waiting and without the session, and carried on while the page is left; nothing depends on its arrival, so a failure is not shown.
 */
export function reportOpen(opened: OpenedResult): void {
  if (!IS_RECORDED) return;
  void fetch("/graphql/", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": i18n.language },
    body: JSON.stringify({ query: DOCUMENT, variables: { input: opened } }),
  }).catch(() => undefined);
}
