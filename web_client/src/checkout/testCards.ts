/** Whether the server is a demonstration, which takes test cards and no others. */

import { useQuery } from "@tanstack/react-query";

interface Health {
  status: string;
  demo?: boolean;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The server's own word counts; without one, only a server on this very machine is taken for a demonstration. */
export function offersTestCards(health: Health | undefined, hostname: string): boolean {
  return health?.demo ?? LOOPBACK.test(hostname);
}

export function useOffersTestCards(): boolean {
  const health = useQuery({
    queryKey: ["health"],
    queryFn: async ({ signal }) => (await (await fetch("/health/", { signal })).json()) as Health,
    staleTime: Infinity,
    retry: false,
  });
  return !health.isPending && offersTestCards(health.data, window.location.hostname);
}
