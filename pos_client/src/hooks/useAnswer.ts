/** One question to the server: its answer, or why there is none. */

import { useEffect, useState } from "react";
import { RequestFailure } from "../api/client";
import { useOnline } from "./useData";

export interface Answer<T> {
  /** Undefined until it came; of the question before while the next one is asked only if it is the same. */
  value: T | undefined;
  /** The server's sentence, or null; "offline" while it cannot be reached. */
  problem: { kind: "offline" } | { kind: "refused"; message: string } | null;
  /** Asks again. */
  again: () => void;
}

/** Asks `question` whenever `key` changes (null: nothing is asked), and again when the network is back after a failure. */
export function useAnswer<T>(key: string | null, question: () => Promise<T>): Answer<T> {
  const online = useOnline();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ key: string | null; value?: T; problem: Answer<T>["problem"] }>({ key: null, problem: null });
  useEffect(() => {
    if (key === null) return undefined;
    let current = true;
    question().then(
      (value) => { if (current) setState({ key, value, problem: null }); },
      (error: unknown) => {
        if (!(error instanceof RequestFailure)) throw error;
        const problem = error.kind === "network" ? { kind: "offline" as const } : { kind: "refused" as const, message: error.message };
        if (current) setState((last) => ({ key, value: last.key === key ? last.value : undefined, problem }));
      },
    );
    return () => { current = false; };
    // The key names the question: a new function of the same question asks nothing.
  }, [key, round, online]);
  const mine = state.key === key;
  return { value: mine ? state.value : undefined, problem: mine ? state.problem : null, again: () => setRound((last) => last + 1) };
}
