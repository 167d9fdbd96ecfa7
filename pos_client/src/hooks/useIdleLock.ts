/** Locks the till that nobody touches; the ticket stays as it is. */

import { useEffect } from "react";
import { db } from "../store/db";
import { lock } from "../store/session";

const IDLE_MS = 10 * 60_000;
const CHECK_MS = 15_000;

export function useIdleLock(): void {
  useEffect(() => {
    let last = Date.now();
    const touched = () => { last = Date.now(); };
    const timer = setInterval(() => { if (Date.now() - last > IDLE_MS) void lock(db); }, CHECK_MS);
    document.addEventListener("pointerdown", touched, true);
    document.addEventListener("keydown", touched, true);
    return () => {
      clearInterval(timer);
      document.removeEventListener("pointerdown", touched, true);
      document.removeEventListener("keydown", touched, true);
    };
  }, []);
}
