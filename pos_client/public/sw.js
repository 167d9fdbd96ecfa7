/* Keeps the till's own files, so that it starts without a network. Data never goes through here: only the files listed at build. */

const VERSION = "__VERSION__";
const FILES = [/* __FILES__ */];
const CACHE = `till-${VERSION}`;
const SHELL = "/pos/";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});

// A new version waits until the till asks for it, which it does where nobody is signed in: never in the middle of a sale.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("till-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(SHELL)) return;
  if (event.request.mode === "navigate") {
    event.respondWith(caches.match(SHELL, { cacheName: CACHE }).then((kept) => kept ?? fetch(event.request)));
    return;
  }
  event.respondWith(caches.match(event.request, { cacheName: CACHE, ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
});
