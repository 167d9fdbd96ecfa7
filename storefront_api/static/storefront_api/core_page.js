// The dashboard's side of this is Saleor's AppBridge: it answers "notifyReady" with "handshake", which carries a token.
"use strict";

const place = document.getElementById("suite");
const dashboards = place.dataset.dashboards.split(" ").filter(Boolean);
const SILENT_AFTER_MS = 10000;
let begun = false;

function say(text) {
  document.getElementById("state").textContent = text;
}

function show(id) {
  document.getElementById("state").hidden = true;
  document.getElementById(id).hidden = false;
}

async function open(token) {
  const reply = await fetch(place.dataset.session, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const told = await reply.json();
  if (!reply.ok) {
    say(told.message);
    begun = false;
    return;
  }
  const kept = await (await fetch(place.dataset.session)).json();
  if (kept.signedIn) {
    window.location.replace(place.dataset.admin);
  } else {
    show("blocked");
  }
}

if (window.parent === window) {
  window.location.replace(place.dataset.admin);
} else {
  window.addEventListener("message", (event) => {
    if (!dashboards.includes(event.origin) || event.source !== window.parent) return;
    const { type, payload } = event.data || {};
    if ((type === "handshake" || type === "tokenRefresh") && payload && payload.token && !begun) {
      begun = true;
      open(payload.token).catch(() => show("silent"));
    }
  });
  // Nothing secret is said, so that it may be said to whoever frames us; only dashboards are heard.
  window.parent.postMessage({ type: "notifyReady", payload: { actionId: String(Date.now()) } }, "*");
  setTimeout(() => {
    if (!begun) show("silent");
  }, SILENT_AFTER_MS);
}
