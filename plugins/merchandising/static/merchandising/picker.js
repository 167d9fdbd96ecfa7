/* Products in a rule: found by name or SKU, listed with their places. The box of lines stays the truth, so what is
   pasted there counts, and a form without this script is the same form. */
"use strict";

(() => {
  const LINE = /^([^\s#@]+)\s*(?:@\s*(\d{1,4}))?\s*(?:#\s*(.*))?$/;
  const WAIT = 200;

  function make(tag, words, attributes = {}) {
    const element = document.createElement(tag);
    element.textContent = words;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function picker(root) {
    const words = root.dataset;
    const box = root.querySelector("textarea");
    const search = root.querySelector("[data-search]");
    const input = search.querySelector("input");
    const found = search.querySelector("[role=listbox]");
    const chosen = root.querySelector("[data-chosen]");
    const said = root.querySelector("[data-said]");
    const kind = document.getElementById("id_kind");
    const known = new Map();
    let options = [];
    let active = -1;
    let asked = 0;
    let timer;

    const lines = () => box.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const pinned = () => kind !== null && kind.value === "PIN";

    function write(all) {
      box.value = all.join("\n");
      show();
    }

    function text(sku, place, name) {
      return sku + (place ? ` @ ${place}` : "") + (name ? `   # ${name}` : "");
    }

    /* The names of what was pasted, asked for once. */
    async function learn(skus) {
      if (!skus.length) return;
      skus.forEach((sku) => known.set(sku, ""));
      try {
        const query = skus.map((sku) => `sku=${encodeURIComponent(sku)}`).join("&");
        const answer = await fetch(`${words.url}?${query}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const named = new Map((await answer.json()).products.map((one) => [one.sku, one.name]));
        skus.forEach((sku) => known.set(sku, named.get(sku) ?? null));
        show();
      } catch {
        /* Without names the list is as right; the next change asks again. */
        skus.forEach((sku) => known.delete(sku));
      }
    }

    function show() {
      const strangers = [];
      const items = lines().map((line, at) => {
        const [, sku, place, written] = LINE.exec(line) ?? [null, null];
        if (sku === null) return make("li", line, { class: "suite-picker-wrong" });
        if (written) known.set(sku, written);
        if (!known.has(sku)) strangers.push(sku);
        const name = known.get(sku);
        const item = make("li", "", name === null ? { class: "suite-picker-wrong" } : {});
        const title = make("span", "", { class: "suite-picker-name" });
        title.append(make("strong", name || sku), make("span", name === null ? words.unknown : name ? sku : ""));
        item.append(title);
        if (pinned()) item.append(placed(sku, place, at));
        item.append(removal(name || sku, at));
        return item;
      });
      chosen.replaceChildren(...items);
      chosen.hidden = items.length === 0;
      void learn(strangers);
    }

    function placed(sku, place, at) {
      const field = make("input", "", { type: "number", min: 1, max: 500, "aria-label": `${words.place}: ${known.get(sku) || sku}` });
      field.value = place ?? "";
      field.placeholder = words.place;
      field.addEventListener("change", () => {
        const all = lines();
        all[at] = text(sku, field.value, known.get(sku));
        write(all);
      });
      return field;
    }

    function removal(name, at) {
      const button = make("button", "×", { type: "button", class: "suite-button", "aria-label": `${words.remove}: ${name}` });
      button.addEventListener("click", () => {
        write(lines().filter((_line, place) => place !== at));
        said.textContent = `${words.removed} ${name}`;
        const buttons = chosen.querySelectorAll("button");
        (buttons[Math.min(at, buttons.length - 1)] ?? input).focus();
      });
      return button;
    }

    function choose(option) {
      known.set(option.sku, option.name);
      const has = lines().some((line) => LINE.exec(line)?.[1] === option.sku);
      if (!has) write([...lines(), text(option.sku, "", option.name)]);
      said.textContent = `${words.added} ${option.name}`;
      input.value = "";
      close();
      input.focus();
    }

    function close() {
      asked += 1;
      options = [];
      active = -1;
      found.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      active = next;
      [...found.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
      const item = found.children[active];
      if (!item) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }

    function offer(products, instead) {
      options = products;
      const items = products.map((product, at) => {
        const item = make("li", "", { role: "option", id: `${found.id}_${at}`, "aria-selected": "false" });
        item.append(make("strong", product.name), make("span", product.note));
        /* The pointer must not take the focus from the box. */
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => choose(product));
        return item;
      });
      if (!items.length) items.push(make("li", instead, { role: "presentation" }));
      found.replaceChildren(...items);
      found.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(products.length ? 0 : -1);
      if (!products.length) said.textContent = instead;
    }

    async function look() {
      const query = input.value.trim();
      if (!query) return close();
      const own = ++asked;
      try {
        const answer = await fetch(`${words.url}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const { products } = await answer.json();
        if (own === asked) offer(products, words.none);
      } catch {
        if (own === asked) offer([], words.failed);
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        mark((active + step + options.length) % options.length);
      } else if (event.key === "Enter") {
        /* Never sends the form: the next letter is on its way, or nothing is marked. */
        event.preventDefault();
        if (options[active]) choose(options[active]);
      } else if (event.key === "Escape" && !found.hidden) {
        event.preventDefault();
        close();
      }
    });
    box.addEventListener("input", show);
    kind?.addEventListener("change", show);
    search.hidden = false;
    root.querySelector("[data-text]").open = false;
    show();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-picker]").forEach(picker));
})();
