/* Choices in dimensions, and conditions of products: picked, and listed as people say them. The box of lines stays the
   truth, so what is pasted there counts, and a form without this script is the same form. */
"use strict";

(() => {
  const LINE = /^([^:]+?)\s*(?::\s*(.*))?$/;
  const SPAN = /^(\d+(?:\.\d+)?)?\s*\.\.\s*(\d+(?:\.\d+)?)?$/;

  function make(tag, words, attributes = {}) {
    const element = document.createElement(tag);
    element.textContent = words;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  async function read(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).choices;
  }

  function choices(root) {
    const words = root.dataset;
    const part = (name) => root.querySelector(`[data-${name}]`);
    const box = root.querySelector("textarea");
    const chosen = part("chosen");
    const dimension = part("dimension");
    const value = part("value");
    const least = part("least");
    const most = part("most");
    const put = part("put");
    const said = part("said");
    const between = "bounds" in words;
    const dimensions = new Map();
    const named = new Map();
    let asked = 0;

    const lines = () => box.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const parts = (line) => {
      const [, name = line, wanted = ""] = LINE.exec(line) ?? [];
      return { name, wanted };
    };

    function write(all) {
      box.value = all.join("\n");
      show();
    }

    function amount({ name, wanted }) {
      const span = SPAN.exec(wanted);
      if (!span) return named.get(`${name}: ${wanted}`) ?? wanted;
      const [, low, high] = span;
      if (low && high) return `${low} – ${high}`;
      if (low) return words.from.replace("#", low);
      return high ? words.to.replace("#", high) : wanted;
    }

    function sentence(one) {
      const label = dimensions.get(one.name)?.label ?? one.name;
      return one.wanted ? `${label}: ${amount(one)}` : `${label}: ${words.any}`;
    }

    function show() {
      const all = lines().map(parts);
      const items = all.map((one, at) => {
        const known = !dimensions.size || dimensions.has(one.name);
        const item = make("li", "", known ? {} : { class: "suite-picker-wrong" });
        const joined = all.slice(0, at).some((other) => other.name === one.name) ? words.or : words.and;
        const title = make("span", "", { class: "suite-picker-name" });
        title.append(make("strong", sentence(one)));
        if (!known) title.append(make("span", words.unknown));
        if (at) item.append(make("span", joined, { class: "suite-picker-joint" }));
        item.append(title, removal(one, at));
        return item;
      });
      chosen.replaceChildren(...items);
      chosen.hidden = items.length === 0;
    }

    function removal(one, at) {
      const what = sentence(one);
      const button = make("button", "×", { type: "button", class: "suite-button", "aria-label": `${words.remove}: ${what}` });
      button.addEventListener("click", () => {
        write(lines().filter((_line, place) => place !== at));
        said.textContent = `${words.removed} ${what}`;
        const buttons = chosen.querySelectorAll("button");
        (buttons[Math.min(at, buttons.length - 1)] ?? dimension).focus();
      });
      return button;
    }

    function fill(select, options, first) {
      select.replaceChildren(...first, ...options.map((one) => make("option", one.label, { value: one.value })));
    }

    const spans = () => between && dimensions.get(dimension.value)?.kind === "RANGE";

    async function offer() {
      const own = ++asked;
      const name = dimension.value;
      value.replaceChildren();
      least.value = most.value = "";
      root.querySelectorAll("[data-span]").forEach((field) => (field.hidden = !spans()));
      part("listed").hidden = !name || spans();
      ready();
      if (!name || spans()) return;
      try {
        const found = await read(`${words.url}?dimension=${encodeURIComponent(name)}`);
        if (own !== asked) return;
        found.forEach((one) => named.set(`${name}: ${one.value}`, one.label));
        fill(value, found, between ? [] : [make("option", words.any, { value: "" })]);
        ready();
        show();
      } catch {
        if (own === asked) failed();
      }
    }

    /* What stands in the box is called by its name, too. */
    async function learn() {
      const names = new Set(lines().map((line) => parts(line).name));
      for (const name of names) {
        const kind = dimensions.get(name)?.kind;
        if (!kind || kind === "RANGE") continue;
        const found = await read(`${words.url}?dimension=${encodeURIComponent(name)}`);
        found.forEach((one) => named.set(`${name}: ${one.value}`, one.label));
      }
      show();
    }

    function ready() {
      const enough = spans() ? least.value || most.value : value.options.length > 0;
      put.disabled = !dimension.value || !enough;
    }

    function add() {
      const name = dimension.value;
      if (spans() && least.value && most.value && Number(least.value) > Number(most.value)) {
        said.textContent = words.order;
        least.focus();
        return;
      }
      const wanted = spans() ? `${least.value}..${most.value}` : value.value;
      const line = wanted ? `${name}: ${wanted}` : name;
      /* Numbers are between one pair of bounds; a choice stands once. */
      const others = lines().filter((other) => (spans() ? parts(other).name !== name : other !== line));
      write([...others, line]);
      said.textContent = `${words.added} ${sentence({ name, wanted })}`;
      least.value = most.value = "";
      ready();
      dimension.focus();
    }

    function failed() {
      said.textContent = words.failed;
      part("text").open = true;
    }

    async function begin() {
      try {
        const found = await read(words.url);
        found.forEach((one) => dimensions.set(one.value, one));
        fill(dimension, found.filter((one) => between || !one.is_hidden), [make("option", words.pick, { value: "" })]);
        part("add").hidden = false;
        part("text").open = false;
        show();
        await learn();
      } catch {
        failed();
      }
    }

    dimension.addEventListener("change", () => void offer());
    [least, most].forEach((field) => field.addEventListener("input", ready));
    [dimension, value, least, most].forEach((field) =>
      field.addEventListener("keydown", (event) => {
        /* Never sends the form. */
        if (event.key !== "Enter") return;
        event.preventDefault();
        if (!put.disabled) add();
      }),
    );
    put.addEventListener("click", add);
    box.addEventListener("input", show);
    void begin();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-choices]").forEach(choices));
})();
