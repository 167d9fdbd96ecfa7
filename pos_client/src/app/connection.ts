/** Whether the server can be reached, as far as the last request and the browser know. */

import { onReach } from "../api/client";

const PROBE_OFFLINE_MS = 5_000;
const PROBE_ONLINE_MS = 30_000;

type Listener = (online: boolean) => void;

class Connection {
  online = navigator.onLine;
  private readonly listeners = new Set<Listener>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    onReach((reached) => this.set(reached));
    window.addEventListener("online", () => void this.probe());
    window.addEventListener("offline", () => this.set(false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.probe();
    });
    void this.probe();
  }

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): boolean => this.online;

  private set(online: boolean): void {
    this.plan();
    if (online === this.online) return;
    this.online = online;
    for (const listener of this.listeners) listener(online);
  }

  private plan(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.probe(), this.online ? PROBE_ONLINE_MS : PROBE_OFFLINE_MS);
  }

  private async probe(): Promise<void> {
    try {
      const response = await fetch("/health/", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
      this.set(response.status < 500);
    } catch {
      // Whatever stopped the probe, the server was not reached.
      this.set(false);
    }
  }
}

export const connection = new Connection();
