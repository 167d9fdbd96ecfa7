/** Tells the search log which result was opened, so that what people choose can rank higher and be reported. */

import { sendDocument } from "@shared/persisted";
import { SearchResultOpenDocument } from "../api/catalogueDocuments";
import type { SearchResultOpenInput } from "../gql/graphql";
import i18n from "../i18n";

/**
 * Sent without waiting and without the session, and carried on while the page is left. Nothing depends on its arrival, so neither a refusal nor a
 * failure is shown. What was opened while browsing, without a text, is no answer to a search.
 */
export function reportOpen(input: SearchResultOpenInput): void {
  if (!input.text.trim()) return;
  void sendDocument(SearchResultOpenDocument, { input }, send).catch(() => undefined);
}

async function send(body: string): Promise<{ errors?: { extensions?: { code?: string } }[] }> {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": i18n.language };
  const response = await fetch("/graphql/", { method: "POST", keepalive: true, headers, body });
  return response.json();
}
