/** Whether what is shown still holds, and what it was before it was asked again. */

import { useEffect, useState } from "react";
import { type Configuration, holdsUntil } from "./prices";

/** Browsers count a timer's milliseconds in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Holding {
  until: string;
  isOver: boolean;
}

/** Until when a configuration holds; `addressUntil` is the moment of the address's answer, where it depends on one. */
export function useHolding(configuration: Configuration, addressUntil: string | null): Holding {
  const until = holdsUntil(configuration.validUntil, addressUntil);
  const [over, setOver] = useState<string | null>(null);
  const left = Date.parse(until) - Date.now();
  useEffect(() => {
    const timer = setTimeout(() => setOver(until), Math.min(Math.max(0, left), LONGEST_MS));
    return () => clearTimeout(timer);
    // Set anew for another moment, not with each drawing.
  }, [until]);
  return { until, isOver: left <= 0 || over === until };
}
