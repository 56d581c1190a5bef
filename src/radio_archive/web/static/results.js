"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const found = find("#found");
  const sound = find("#sound");
  const told = make("p", "unseen");
  told.setAttribute("role", "status");
  found.after(told);
  const say = sound.dataset;
  const line = navigator.connection;
  const isSlow = () => say.sound === "webm-low" || Boolean(line && (line.saveData || /2g/.test(line.effectiveType) || line.downlink <= 0.1));

  // listening: one sound for all hits, nothing is loaded before it is asked for
  const rates = JSON.parse(say.rates);
  const lightest = isSlow() ? "webm-low" : say.sound;
  const format = sound.canPlayType("audio/webm; codecs=opus") ? lightest : "mp3";
  const size = (seconds) => ` · ${Math.max(1, Math.round(seconds * rates[format]))}\u00a0${say.unit}`;
  const clock = (seconds) => {
    const pad = (number) => String(number).padStart(2, "0");
    const whole = Math.floor(seconds + 0.05);
    const minutes = Math.floor(whole / 60);
    return minutes < 60 ? `${minutes}:${pad(whole % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
  };
  let heard = null; // the hit that is loaded: its item, button, bar, and from where to where
  let ticking = 0;
  const label = (button, text) => {
    find("span", button).textContent = text;
    button.classList.toggle("on", text === say.pause);
  };
  const tick = () => {
    const at = heard.from + sound.currentTime;
    find(".clock", heard.bar).textContent = `${clock(at)} / ${clock(heard.to)}`;
    all("[data-s]", heard.item).forEach((said) => {
      const [start, end] = said.dataset.s.split(" ").map(Number);
      const isSaid = start <= at * 1000 + 50 && at * 1000 + 50 < end;
      if (isSaid) said.setAttribute("aria-current", "true"); else said.removeAttribute("aria-current");
    });
  };
  const unmark = (item) => all("[aria-current]", item).forEach((said) => said.removeAttribute("aria-current"));
  const load = (item, button, from, to) => {
    leave();
    const bar = make("span", "playing");
    bar.append(make("span", "clock"));
    button.after(bar);
    heard = { item, button, bar, from, to };
    const asked = new URLSearchParams({ start: from.toFixed(1), end: to.toFixed(1), format, exact: 1 });
    sound.src = `/clips/${encodeURIComponent(item.closest("article").dataset.id)}?${asked}`;
    sound.play().catch(() => {});
    tick();
  };
  const leave = () => {
    if (!heard) return;
    sound.pause();
    label(heard.button, say.play);
    unmark(heard.item);
    heard.bar.remove();
    heard = null;
  };
  sound.addEventListener("play", () => {
    if (!heard) return sound.pause();
    label(heard.button, say.pause);
    clearInterval(ticking);
    ticking = setInterval(tick, 100);
  });
  sound.addEventListener("pause", () => {
    clearInterval(ticking);
    if (heard) label(heard.button, say.play);
  });
  sound.addEventListener("ended", () => {
    if (!heard) return;
    told.textContent = say.ended;
    unmark(heard.item); // a clip may end some milliseconds before its last sentence does
    const { item, button, bar, to } = heard;
    const left = Number(item.closest("article").dataset.ms) / 1000 - to;
    if (left < 0.5) return;
    const more = make("button", "more", say.more + size(Math.min(60, left)));
    more.type = "button";
    more.addEventListener("click", () => {
      button.focus();
      load(item, button, to, to + Math.min(60, left));
    });
    bar.append(more);
  });
  sound.addEventListener("error", () => {
    if (!heard) return;
    told.textContent = say.away;
    find(".clock", heard.bar).textContent = say.away;
    label(heard.button, say.play);
  });
  const prepare = () => all("article[data-ms]", found).forEach((article) => all(".hits li", article).forEach((item) => {
    const button = make("button", "play");
    const row = make("div", "hear");
    const [from, to] = [Number(item.dataset.at), Number(item.dataset.to)];
    const which = ` ${find("h2", article).textContent}, ${find(".time", item).textContent}`;
    button.type = "button";
    button.append(make("span", "", say.play), make("span", "unseen", which), make("span", "count", size(to - from)));
    button.addEventListener("click", () => {
      told.textContent = "";
      if (!heard || heard.button !== button || sound.ended || sound.error) load(item, button, from, to);
      else if (sound.paused) sound.play().catch(() => {});
      else sound.pause();
    });
    row.append(button);
    find("p", item).after(row);
  }));
  prepare();

  // searching while one types: never below three letters or on a slow line, one request at a time
  const form = find("form.find");
  const box = find("#q");
  let shown = box.value.trim();
  let timer = 0, asking = null, patience = 350;
  const show = (html, asked) => {
    leave();
    found.innerHTML = html;
    prepare();
    history.replaceState(null, "", `/search?${asked}`);
    document.title = shown + document.title.slice(document.title.lastIndexOf(" – "));
    all(".switch a").forEach((link) => {
      link.href = `?${new URLSearchParams([...asked, ["lang", link.hreflang]])}`;
    });
    const count = find("[role=status]", found);
    if (!count) return;
    count.removeAttribute("role");
    timer = setTimeout(() => { told.textContent = count.textContent.trim(); }, 700);
  };
  const search = async () => {
    const words = box.value.trim();
    if (words === shown || (words.match(/[\p{L}\p{N}]/gu) || []).length < 3 || isSlow()) return;
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    const started = performance.now();
    found.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/search?${asked}&part=results`, { signal: mine.signal });
      const html = await answer.text();
      patience = Math.min(3000, Math.max(350, performance.now() - started));
      if (!answer.ok) return;
      shown = words;
      show(html, asked);
    } catch { /* another word was typed, or the line is gone: what is shown stays */
    } finally {
      if (asking === mine) found.removeAttribute("aria-busy");
    }
  };
  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, patience);
  });

  // keys, as on the pages of broadcasts
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && heard && !sound.paused) sound.pause();
    let isWanted = true;
    try { isWanted = localStorage.getItem("keys") !== "off"; } catch { /* storage refused */ }
    if (event.key !== "/" || !isWanted || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
  });
})();
