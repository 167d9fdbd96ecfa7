/** The till's own updates: fetched in the background, taken up where nobody is in the middle of something. */

const LOOK_EVERY_MS = 60 * 60_000;

let registration: ServiceWorkerRegistration | undefined;

/** Keeps the shell on the device; without service workers (an insecure origin) the till just needs the network to start. */
export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  try {
    registration = await navigator.serviceWorker.register("/pos/sw.js", { scope: "/pos/", updateViaCache: "none" });
  } catch (error) {
    console.warn("The till's files could not be kept for hours without a network.", error);
    return;
  }
  setInterval(() => void lookForUpdate(), LOOK_EVERY_MS);
}

async function lookForUpdate(): Promise<void> {
  try {
    await registration?.update();
  } catch (error) {
    // Without a network there is no update; the next look will tell.
    console.info("No update could be looked for.", error);
  }
}

/** Takes up a version that waits, by loading the page anew from it. Everything that matters is in the database. */
export function takeUpdate(): void {
  if (!registration?.waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  registration.waiting.postMessage("take over");
}
