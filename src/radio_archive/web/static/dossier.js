"use strict";
(() => {
  const list = document.querySelector("#entries");
  const said = document.querySelector("#dossier-said");
  if (!list || !said) return;
  const tell = (what) => { said.textContent = said.dataset[what]; said.classList.toggle("bad", what === "failed"); };
  const send = async (form) => {
    const fields = new URLSearchParams(new FormData(form));
    // an input of the form is called action too
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { accept: "application/json" } });
    return answer.ok;
  };

  // a note is kept without leaving its place; what is typed and not kept is asked about
  const isChanged = (form) => form.elements.note.value !== form.elements.note.defaultValue;
  list.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches(".note-form")) {
      event.preventDefault();
      const typed = form.elements.note.value;
      let isKept = false;
      try { isKept = await send(form); } catch { return tell("failed"); } // off the line: it stays in its field
      if (!isKept) { isLeaving = true; form.submit(); return; } // its own page says why, and keeps what was typed
      form.elements.seen.value = form.elements.note.defaultValue = typed;
      tell("saved");
    }
  });
  let isLeaving = false;
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && [...document.querySelectorAll(".note-form")].some(isChanged)) event.preventDefault();
  });
  for (const field of list.querySelectorAll(".note-form textarea")) {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); field.form.requestSubmit(); }
    });
  }

  // an entry goes up or down where it stands; beyond this page the form itself is sent
  const number = () => {
    const items = [...list.children];
    const first = Number(list.dataset.first);
    const total = Number(list.dataset.total);
    items.forEach((item, at) => {
      const place = first + at;
      const shown = item.querySelector(".bar .count");
      shown.textContent = shown.textContent.replace(/^\d+/, place + 1);
      for (const [sign, to] of [["↑", place - 1], ["↓", place + 1]]) {
        const form = item.querySelector(`[data-move="${sign}"]`);
        form.elements.place.value = to;
        form.querySelector("button").disabled = to < 0 || to >= total;
      }
    });
  };
  list.addEventListener("submit", async (event) => {
    const form = event.target;
    const sign = form.dataset.move;
    if (!sign) return;
    const item = form.closest("li");
    const other = sign === "↑" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    event.preventDefault();
    if (!await send(form).catch(() => false)) return tell("failed");
    other[sign === "↑" ? "before" : "after"](item);
    number();
    const button = form.querySelector("button");
    (button.disabled ? item.querySelector(".bar button:enabled") : button).focus();
    tell("saved");
  });
})();
