/** The pickups of this store that someone has to work on, asked for again and again while there is a network. */

import { createContext, useCallback, useContext, useEffect, useState } from "react";
import { RequestFailure } from "../api/client";
import { pickupQueue, type Pickup } from "../app/till";
import { useOnline } from "./useData";

const REFRESH_MS = 20_000;

export interface PickupWork {
  /** Undefined until a first answer came. */
  pickups: Pickup[] | undefined;
  /** When the list was right, ISO 8601. */
  asOf: string | null;
  /** The server's sentence when it refuses the list. */
  problem: string | null;
  refresh: () => Promise<void>;
  /** Takes over one pickup as an action left it. */
  replace: (pickup: Pickup) => void;
}

const OPEN = new Set(["PLACED", "ACCEPTED", "PICKING", "READY"]);

export function usePickupWork(storeId: string): PickupWork {
  const online = useOnline();
  const [state, setState] = useState<Pick<PickupWork, "pickups" | "asOf" | "problem">>({ pickups: undefined, asOf: null, problem: null });
  const refresh = useCallback(async () => {
    try {
      const pickups = await pickupQueue(storeId);
      setState({ pickups, asOf: new Date().toISOString(), problem: null });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // The last list stays on screen; a lost network shows in the badge above.
      if (error.kind !== "network") setState((last) => ({ ...last, problem: error.message }));
    }
  }, [storeId]);
  useEffect(() => {
    if (!online) return undefined;
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [online, refresh]);
  const replace = useCallback((pickup: Pickup) => {
    setState((last) => ({
      ...last,
      pickups: (last.pickups ?? []).flatMap((other) => (other.id !== pickup.id ? [other] : OPEN.has(pickup.state) ? [pickup] : [])),
    }));
  }, []);
  return { ...state, refresh, replace };
}

export const PickupContext = createContext<PickupWork | null>(null);

export function usePickups(): PickupWork {
  const work = useContext(PickupContext);
  if (!work) throw new Error("usePickups outside the signed-in till");
  return work;
}
