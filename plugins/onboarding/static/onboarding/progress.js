// Moves the bar of an unfinished run, and shows the page anew when it has ended.
"use strict";

const place = document.getElementById("progress");
const PAUSE_MS = 2000;

async function follow() {
  try {
    const reply = await fetch(place.dataset.url, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(String(reply.status));
    const told = await reply.json();
    if (!told.unfinished) {
      window.location.reload();
      return;
    }
    const bar = place.querySelector("progress");
    bar.max = told.total;
    bar.value = told.seen;
    place.querySelector("span").textContent = told.text;
    document.getElementById("progress-trouble").textContent = told.trouble;
  } catch {
    // The server is away for a moment; the run is not its process's.
  }
  setTimeout(follow, PAUSE_MS);
}

if (place && place.dataset.unfinished === "1") setTimeout(follow, PAUSE_MS);
