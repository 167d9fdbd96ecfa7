/** Suggestions for what is being typed: asked for with a short pause, never those of another beginning. */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { TypeaheadDocument } from "../api/catalogueDocuments";
import { call } from "../api/client";
import type { Suggestions } from "./suggestions";
import { useSearchContext } from "./useResults";

const PAUSE_MS = 90;
const FRESH_MS = 60_000;

/** Those for the text; while they are on their way those for its beginning, so that the list does not flicker. */
export function useSuggestions(text: string, enabled: boolean): Suggestions | undefined {
  const context = useSearchContext();
  const typed = text.trim().toLowerCase();
  const [prefix] = useDebouncedValue(typed, PAUSE_MS, { leading: true });
  const query = useQuery({
    queryKey: ["typeahead", context, prefix],
    enabled: enabled && prefix !== "",
    // An answer for an older prefix is dropped with its request; each prefix has its own place in the cache.
    queryFn: async ({ signal }) => ({ prefix, ...(await call(TypeaheadDocument, { context, prefix }, { signal })).typeahead }),
    placeholderData: (previous) => previous,
    staleTime: FRESH_MS,
    // Suggestions are a help: without them the search itself still works and says what is wrong.
    retry: false,
  });
  const found = query.data;
  return typed !== "" && found && typed.startsWith(found.prefix) ? found : undefined;
}
