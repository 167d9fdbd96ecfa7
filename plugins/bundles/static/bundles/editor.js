/* The editor of offers without a new page for each click: the same form, sent to the same address, whose answer takes
   the place of what is shown. Without this script every button still does what it says. */
"use strict";

(() => {
  const WAIT = 350;
  let asked = 0;
  let timer;
  let dirty = false;

  const root = () => document.getElementById("offer-editor");

  async function send(form, button) {
    const own = (asked += 1);
    const data = new FormData(form, button ?? undefined);
    if (!button) data.set("do", "show");
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: data, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("offer-editor");
      if (page === null) throw new Error("no editor");
      /* An older answer must not take the place of a newer one. */
      return own === asked ? page : null;
    } catch {
      const failure = root().querySelector("[data-failure]");
      failure.textContent = root().dataset.failed;
      failure.hidden = false;
      return null;
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  async function press(form, button) {
    clearTimeout(timer);
    const before = { id: document.activeElement?.id, value: button.value, top: window.scrollY };
    /* The answer takes the place of the whole form: what would be typed meanwhile would be lost. */
    form.inert = true;
    const page = await send(form, button);
    if (page === null) {
      form.inert = false;
      button.focus({ preventScroll: true });
      return;
    }
    root().replaceWith(page);
    dirty = dirty || !/^(open|show|suggest|mend|row|drop|case|run)/.test(before.value);
    const wanted = page.dataset.focus ? document.getElementById(page.dataset.focus) : null;
    const same = [...page.querySelectorAll("button[name=do]")].find((one) => one.value === before.value);
    const kept = before.id ? document.getElementById(before.id) : null;
    const target = wanted ?? kept ?? same ?? document.getElementById("offer-part");
    target?.focus({ preventScroll: !wanted });
    if (wanted) wanted.scrollIntoView({ block: "start" });
    else window.scrollTo(0, before.top);
  }

  /* What was typed is looked at; what is being typed stays as it is. */
  async function look(form) {
    const page = await send(form, null);
    if (page === null) return;
    for (const fresh of page.querySelectorAll("[data-live]")) {
      const shown = document.getElementById(fresh.id);
      if (shown !== null && !shown.contains(document.activeElement)) shown.innerHTML = fresh.innerHTML;
    }
    /* What the server has read is what the next click starts from. */
    for (const name of ["document", "cases"]) {
      form.elements.namedItem(name).value = page.querySelector(`[name=${name}]`).value;
    }
    root().querySelector("[data-failure]").hidden = true;
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.offer")) return;
    if (event.submitter?.hasAttribute("data-whole")) {
      dirty = false;
      return;
    }
    event.preventDefault();
    void press(event.target, event.submitter ?? event.target.querySelector("[name=do]"));
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form.offer");
    if (!form || event.target.type === "file") return;
    dirty = dirty || !event.target.name.startsWith("try.");
    clearTimeout(timer);
    const select = event.target.name.endsWith(".option") || event.target.id === "f-parent";
    /* A part that is chosen may ask for more: its line is shown anew. */
    if (select) void press(form, document.getElementById("offer-try"));
    else timer = setTimeout(() => void look(form), WAIT);
  });

  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
})();
