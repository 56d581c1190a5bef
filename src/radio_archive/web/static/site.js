"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const show = (...elements) => elements.forEach((element) => element && (element.hidden = false));
  document.documentElement.classList.add("js");

  // letters a keyboard may lack
  const box = find("#q");
  const letters = find("#letters");
  if (letters && letters.dataset.letters) {
    const sets = new Map(letters.dataset.letters.split("|").map((row) => row.split(":")).map(([tag, ...rest]) => [tag, rest]));
    const choice = document.createElement("select");
    const keys = document.createElement("span");
    const filter = find("select[name=language]");
    choice.setAttribute("aria-label", letters.dataset.label);
    sets.forEach(([name], tag) => choice.append(new Option(name, tag)));
    const offer = (tag) => {
      if (!sets.has(tag)) return;
      choice.value = tag;
      keys.replaceChildren(...[...sets.get(tag)[1]].map((letter) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = letter;
        return button;
      }));
    };
    keys.addEventListener("click", (event) => {
      if (event.target === keys) return;
      box.setRangeText(event.target.textContent, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
    choice.addEventListener("change", () => {
      offer(choice.value);
      try { localStorage.setItem("letters", choice.value); } catch { /* storage refused */ }
    });
    offer(sets.keys().next().value);
    try { offer(localStorage.getItem("letters")); } catch { /* storage refused */ }
    if (filter) {
      offer(filter.value);
      filter.addEventListener("change", () => offer(filter.value));
    }
    letters.append(choice, keys);
    show(letters);
  }

  const audio = find("#audio");
  if (!audio) return;
  const player = find("#player");
  const lines = all("#lines p:not(.gap, .beside)");
  const starts = lines.map((line) => Number(line.dataset.s));
  const follow = find("#follow");
  const said = find("#said");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let isFollowing = true;
  show(find("#tools"), find("#keys"), find("#hint"));

  // the sentence being said
  const lineAt = (ms) => {
    let low = 0, high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] < ms + 100) low = middle + 1; else high = middle;
    }
    return lines[low - 1];
  };
  let current = find("#lines [aria-current]");
  const mark = (ms) => {
    const line = lineAt(ms);
    if (line === current) return;
    if (current) current.removeAttribute("aria-current");
    if (line) line.setAttribute("aria-current", "true");
    current = line;
    if (line && isFollowing && !audio.paused) reveal();
  };
  const reveal = () => current && current.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  const setFollowing = (value) => {
    isFollowing = value;
    if (follow) follow.hidden = value;
  };
  const letGo = () => { if (!audio.paused) setFollowing(false); };
  addEventListener("wheel", letGo, { passive: true });
  addEventListener("touchmove", letGo, { passive: true });
  if (follow) follow.addEventListener("click", () => { setFollowing(true); reveal(); });
  // no sound
  const sayAway = () => { said.textContent = player.dataset.away; };
  all("source", audio).pop().addEventListener("error", sayAway);
  if (audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) sayAway();  // before we listened
  audio.addEventListener("timeupdate", () => mark(audio.currentTime * 1000));
  audio.addEventListener("seeking", () => mark(audio.currentTime * 1000));
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--player", player.offsetHeight + "px");
  }).observe(player);

  // opening at the moment
  const seek = (seconds) => {
    audio.currentTime = seconds;
    mark(seconds * 1000);
  };
  const asked = () => {
    const match = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
    return match ? Number(match[1]) : null;
  };
  addEventListener("hashchange", () => asked() !== null && seek(asked()));
  audio.addEventListener("loadedmetadata", () => {
    const time = asked();
    if (time !== null && audio.paused && Math.abs(audio.currentTime - time) > 0.3) seek(time);
  }, { once: true });

  // a word, or a sentence's time, plays from there
  const wordTime = (text, x, y) => {
    const place = document.caretPositionFromPoint ? document.caretPositionFromPoint(x, y) : document.caretRangeFromPoint(x, y);
    const node = place && (place.offsetNode || place.startContainer);
    if (!node || !text.contains(node)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(node, place.offset === undefined ? place.startOffset : place.offset);
    const read = before.toString();
    const count = (read.match(/\S+/g) || []).length;
    const times = text.dataset.w.split(" ");
    return times[Math.min(times.length - 1, Math.max(0, /\S$/.test(read) ? count - 1 : count))];
  };
  const playFrom = (ms) => {
    setFollowing(true);
    seek(ms / 1000);
    audio.play().catch(() => {});
  };
  const area = find("#lines");
  if (area) area.addEventListener("click", (event) => {
    const line = event.target.closest("p");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a");
    const text = event.target.closest("[data-w]");
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", link.href);
      playFrom(Number(line.dataset.s || link.dataset.s));
    } else if (text && getSelection().isCollapsed) {
      const hundredths = wordTime(text, event.clientX, event.clientY);
      if (hundredths !== null) playFrom(Number(line.dataset.s) + 10 * Number(hundredths));
    }
  });

  // a sentence found plays as one of the text does
  const matches = find("#matches");
  if (matches) matches.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, "", link.href);
    playFrom(Number(link.dataset.s));
    reveal();
  });

  // the sentence being said, again and again
  const again = find("#repeat");
  let looped = null, looping = 0;
  const endOf = (line) => {
    const next = lines[lines.indexOf(line) + 1];
    return next ? Number(next.dataset.s) : Infinity;
  };
  const repeat = () => {
    const isOn = again.getAttribute("aria-pressed") !== "true";
    again.setAttribute("aria-pressed", isOn);
    clearInterval(looping);
    if (!isOn) return;
    looped = lineAt(audio.currentTime * 1000) || lines[0];
    audio.play().catch(() => {});
    looping = setInterval(() => {
      const now = audio.currentTime * 1000, start = Number(looped.dataset.s), end = endOf(looped);
      if (audio.ended || (now >= end - 40 && now < end + 1000)) playFrom(start);
      else if (now < start - 200 || now >= end) looped = lineAt(now) || looped;
    }, 50);
  };
  if (again) again.addEventListener("click", repeat);

  // buttons
  const jump = (seconds) => seek(Math.max(0, audio.currentTime + seconds));
  const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
  all("[data-jump]").forEach((button) => button.addEventListener("click", () => jump(Number(button.dataset.jump))));
  find("#speed").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    said.textContent = button.dataset.done;
    setTimeout(() => { said.textContent = ""; }, 4000);
  };
  const linkAt = (seconds) => {
    const time = (Math.floor(seconds * 10) / 10).toFixed(1);
    const link = new URL(player.dataset.url, location.href);
    link.searchParams.set("t", time);
    link.hash = `t=${time}`;
    return link.href;
  };
  const sentence = () => {
    const selection = getSelection();
    const from = selection.rangeCount && area.contains(selection.anchorNode) && !selection.isCollapsed
      ? selection.getRangeAt(0).startContainer.parentElement.closest("#lines p") : null;
    const line = from || current || lines[0];
    const text = from ? selection.toString().replace(/\s*\n\s*/g, " ").trim() : find("span", line).textContent;
    const doubt = find(".unseen", line)?.textContent ?? "";
    return { text, seconds: Number(line.dataset.s) / 1000, time: find(".time", line).textContent + doubt };
  };
  find("#copy-link").addEventListener("click", (event) => copy(linkAt(audio.currentTime), event.currentTarget));
  const quote = find("#copy-quote");
  if (quote) quote.addEventListener("click", () => {
    const { text, seconds, time } = sentence();
    copy(`« ${text} »\n${player.dataset.cite}, ${time}\n${player.dataset.trust}\n${linkAt(seconds)}`, quote);
  });

  // the way to the page of a quotation leads to what is selected, else to what is being said
  for (const toQuote of document.querySelectorAll("#to-quote, #to-dossier")) toQuote.addEventListener("click", () => {
    const selection = getSelection();
    const lineOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("#lines p");
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const first = (range && lineOf(range.startContainer)) || current || lines[0];
    const last = (range && lineOf(range.endContainer)) || first;
    const next = lines[lines.indexOf(last) + 1];
    const link = new URL(toQuote.href);
    const seconds = (line) => (Number(line.dataset.s) / 1000).toFixed(3);
    link.searchParams.set("start", seconds(first));
    link.searchParams.set("end", next ? seconds(next) : (audio.duration || Number(first.dataset.s) / 1000 + 30).toFixed(3));
    toQuote.href = link.href;
  });

  // keys, never while typing, and only if wanted
  const wanted = find("#keys-on");
  try {
    wanted.checked = localStorage.getItem("keys") !== "off";
    wanted.addEventListener("change", () => localStorage.setItem("keys", wanted.checked ? "on" : "off"));
  } catch { /* storage refused: the choice lasts as long as the page */ }
  const keys = { k: toggle, j: () => jump(-10), l: () => jump(10), r: () => again && repeat(), "/": () => box.focus() };
  addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") || event.key.startsWith("Page")) letGo();
    const isTyping = event.target.closest("input, textarea, select");
    const act = keys[event.key.toLowerCase()];
    if (!act || isTyping || !wanted.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
})();
