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
  // a time as typed: of the sentence as it will be, before it is saved
  const seconds = (text) => (/^[\d:]+(\.\d+)?$/.test(text) ? text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) : NaN);
  const clock = (at) => {
    const whole = Math.floor(at);
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(whole / 60);
    const shown = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
    return `${shown}:${two(whole % 60)}.${String(Math.floor((at % 1) * 1000)).padStart(3, "0")}`;
  };
  const edge = (place, name, kept) => {
    const input = find(`input[name=${name}]`, place);
    const typed = input ? seconds(input.value.trim()) : NaN;
    return Number.isNaN(typed) ? Number(kept) / 1000 : typed;
  };
  const play = (place) => {
    if (!sound) return;
    span = { start: Math.max(0, edge(place, "from", place.dataset.start) - 0.15), end: edge(place, "to", place.dataset.end) + 0.15 };
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
  const times = (item) => all("input[name=from], input[name=to]", item);
  const isRewritten = (item) => field(item).value.trim() !== field(item).dataset.text.trim();
  const isChanged = (item) => isRewritten(item) || times(item).some((input) => input.value !== input.defaultValue);
  const send = (item, path, extra = {}) => fetch(find("form", item).getAttribute("action") + path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...Object.fromEntries(new FormData(find("form", item))), ...extra }),
  });

  // drafts: here at once, on the server a second later
  const timers = new Map();
  const note = (item) => {
    const text = isRewritten(item) ? field(item).value : null;
    item.classList.toggle("is-changed", isChanged(item));
    keep(keyOf(item), text);
    clearTimeout(timers.get(item));
    timers.set(item, setTimeout(() => {
      send(item, "/draft", text === null ? { action: "drop" } : {}).catch(() => {});
    }, 1000));
  };

  const waiting = new Set();
  // what the server answers with a page: both texts, or why not
  const submit = (form, extra) => {
    Object.entries(extra).forEach(([name, text]) => {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value: text });
      form.append(input);
    });
    form.submit();
  };
  const save = async (item, next, extra = {}) => {
    clearTimeout(timers.get(item));
    const form = find("form", item);
    let answer;
    try {
      answer = await send(item, "", extra);
    } catch {
      keep(keyOf(item), field(item).value);
      if (!extra.action) waiting.add(item);
      return tell("offline", true);
    }
    waiting.delete(item);
    if (answer.status === 409 || answer.status === 400) return submit(form, extra);
    if (!answer.ok) return tell(answer.status === 403 ? "out" : "offline", true);
    const done = await answer.json();
    keep(keyOf(item), null);
    if (extra.action) { // the sentences have other numbers now
      history.replaceState(null, "", done.url);
      return location.reload();
    }
    find("input[name=start]", item).value = item.dataset.start = done.start_ms;
    find("input[name=end]", item).value = item.dataset.end = done.end_ms;
    times(item).forEach((input) => { input.defaultValue = input.value = clock(Number(done[input.name === "from" ? "start_ms" : "end_ms"]) / 1000); });
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
  const here = (item, name) => {
    if (!sound) return;
    const input = find(`input[name=${name}]`, item);
    input.closest("details").open = true;
    input.value = clock(sound.currentTime);
    note(item);
  };
  const cut = (item) => {
    const text = field(item);
    if (!text.value.trim().includes("\n")) text.setRangeText("\n", text.selectionStart, text.selectionEnd, "end");
    save(item, null, { action: "split" });
  };
  const join = (item) => (value(item, "following") ? save(item, null, { action: "join" }) : null);
  const step = (item, by) => items[items.indexOf(item) + by];
  const focusOn = (item) => { if (item) { field(item).focus(); item.scrollIntoView({ block: "center" }); } };

  items.forEach((item) => {
    const draft = kept(keyOf(item));
    if (draft !== null && draft !== field(item).value) { field(item).value = draft; tell("draft"); }
    item.classList.toggle("is-changed", isChanged(item));
    field(item).addEventListener("input", () => note(item));
    times(item).forEach((input) => input.addEventListener("input", () => note(item)));
    all("[data-here]", item).forEach((button) => {
      button.hidden = !sound;
      button.addEventListener("click", () => here(item, button.dataset.here));
    });
    find("form", item).addEventListener("submit", (event) => {
      event.preventDefault();
      const action = event.submitter && event.submitter.name === "action" ? event.submitter.value : "";
      if (action) return save(item, null, { action });
      const next = step(item, 1);
      save(item, next && field(next));
    });
    item.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); toggle(item); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        return event.shiftKey ? cut(item) : find("form", item).requestSubmit();
      }
      if (event.key === "F8" || event.key === "F9") { event.preventDefault(); here(item, event.key === "F8" ? "from" : "to"); }
      if (event.code === "KeyJ" && event.altKey && !event.ctrlKey && !event.metaKey) { event.preventDefault(); join(item); }
      if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        focusOn(step(item, event.key === "ArrowDown" ? 1 : -1));
      }
    });
  });
  addEventListener("online", () => [...waiting].forEach((item) => save(item, null)));
})();
