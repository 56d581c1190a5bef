"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keep = (key, text) => { try { text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text); } catch { /* storage refused */ } };
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

  // one sentence of the sound, again and again if wanted
  const sound = find("#sound");
  const repeat = find("#repeat");
  let span = null;
  const play = (place) => {
    if (!sound) return;
    span = { start: Math.max(0, Number(place.dataset.start) / 1000 - 0.15), end: Number(place.dataset.end) / 1000 + 0.15 };
    const start = () => { sound.currentTime = span.start; sound.play().catch(() => {}); };
    if (sound.readyState) return start();
    sound.addEventListener("loadedmetadata", start, { once: true });
    sound.preload = "auto";
    sound.load();
  };
  const toggle = (place) => (sound && !sound.paused ? sound.pause() : play(place));
  if (sound) {
    find("#repeat-label").hidden = false;
    sound.addEventListener("timeupdate", () => {
      if (!span || sound.paused || sound.currentTime < span.end) return;
      if (repeat.checked) { sound.currentTime = span.start; return; }
      sound.pause();
      span = null;
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.time");
      const place = link && link.closest("[data-start]");
      if (!place) return;
      event.preventDefault();
      play(place);
    });
  }

  // a task: one button, named after what it does
  const task = find("#task");
  if (task) {
    const field = find("textarea", task);
    const button = find(".first", task);
    const plain = button.textContent;
    find(".fix", task).hidden = true;
    const name = () => { button.textContent = field.value.trim() === field.dataset.text.trim() ? plain : button.dataset.fixed; };
    field.addEventListener("input", name);
    name();
    task.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); toggle(task); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); button.click(); }
    });
  }

  const list = find("#sentences");
  if (!list) return;
  const said = find("#desk-said");
  const tell = (what, isBad = false) => { said.textContent = said.dataset[what] || ""; said.classList.toggle("bad", isBad); };
  find("#desk-keys").hidden = false;
  const items = all("li[data-start]", list);

  const field = (item) => find("textarea", item);
  const value = (item, name) => find(`input[name=${name}]`, item).value;
  const keyOf = (item) => `draft ${list.dataset.broadcast} ${value(item, "version")}`;
  const isChanged = (item) => field(item).value.trim() !== field(item).dataset.text.trim();
  const send = (item, path, extra = {}) => fetch(find("form", item).action + path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...Object.fromEntries(new FormData(find("form", item))), ...extra }),
  });

  // drafts: here at once, on the server a second later
  const timers = new Map();
  const note = (item) => {
    const text = isChanged(item) ? field(item).value : null;
    item.classList.toggle("is-changed", text !== null);
    keep(keyOf(item), text);
    clearTimeout(timers.get(item));
    timers.set(item, setTimeout(() => {
      send(item, "/draft", text === null ? { action: "drop" } : {}).catch(() => {});
    }, 1000));
  };

  const waiting = new Set();
  const save = async (item, next) => {
    clearTimeout(timers.get(item));
    const form = find("form", item);
    let answer;
    try {
      answer = await send(item, "");
    } catch {
      keep(keyOf(item), field(item).value);
      waiting.add(item);
      return tell("offline", true);
    }
    waiting.delete(item);
    if (answer.status === 409 || answer.status === 400) return form.submit(); // the server shows both texts, or why not
    if (!answer.ok) return tell(answer.status === 403 ? "out" : "offline", true);
    const done = await answer.json();
    keep(keyOf(item), null);
    find("input[name=version]", item).value = done.version;
    find("input[name=number]", item).value = done.number;
    field(item).dataset.text = done.text;
    field(item).value = done.text;
    item.classList.remove("is-changed", "unsure");
    const badge = document.createElement("span");
    badge.className = "badge checked";
    badge.textContent = list.dataset[done.state] || "";
    find(".state", item).replaceChildren(badge);
    tell(done.is_searchable ? "saved" : "later");
    if (next) next.focus();
  };
  const step = (item, by) => items[items.indexOf(item) + by];
  const focusOn = (item) => { if (item) { field(item).focus(); item.scrollIntoView({ block: "center" }); } };

  items.forEach((item) => {
    const draft = kept(keyOf(item));
    if (draft !== null && draft !== field(item).value) { field(item).value = draft; tell("draft"); }
    item.classList.toggle("is-changed", isChanged(item));
    field(item).addEventListener("input", () => note(item));
    find("form", item).addEventListener("submit", (event) => {
      event.preventDefault();
      const next = step(item, 1);
      save(item, next && field(next));
    });
    item.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); toggle(item); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); find("form", item).requestSubmit(); }
      if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        focusOn(step(item, event.key === "ArrowDown" ? 1 : -1));
      }
    });
  });
  addEventListener("online", () => [...waiting].forEach((item) => save(item, null)));
})();
