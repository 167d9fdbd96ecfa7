/** What is searched for at this till and chosen from it, told to the search reports; only sums are kept there. */

import { useEffect, useRef } from "react";
import { RequestFailure } from "../api/client";
import { recordSearch, reportOpen } from "../app/till";
import type { Hit } from "../domain/search";
import { useOnline, useTill } from "./useData";

/** A text that stands so long is meant. */
const MEANT_MS = 2000;

/** Counts a text once: when it has stood for a while, or when something is chosen from what it found. */
export function useSearchLog(text: string): (hit: Hit, position: number, source?: "RESULTS" | "SPOTLIGHT") => void {
  const { catalogue, session } = useTill();
  const online = useOnline();
  const channel = catalogue.channel.slug;
  const storeId = session.store.id;
  const searched = text.trim();
  const counted = useRef("");
  const count = () => {
    if (!online || searched === "" || counted.current === searched) return;
    counted.current = searched;
    void recordSearch(channel, storeId, searched).catch(ignoreFailure);
  };
  useEffect(() => {
    // Cleared: the same words are searched for again.
    if (searched === "") counted.current = "";
    const timer = setTimeout(count, MEANT_MS);
    return () => clearTimeout(timer);
    // `count` is made of these alone.
  }, [online, channel, storeId, searched]);
  return ({ group }, position, source = "RESULTS") => {
    count();
    if (online && searched !== "") void reportOpen(channel, storeId, { text: searched, productId: group.productId, position, source }).catch(ignoreFailure);
  };
}

/** Nothing depends on a count's arrival. Faults of this program cannot be missed. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof RequestFailure)) throw error;
}
