// What makes forms lively: they are kept while typed, dates show how they are read, and only what applies is shown.
// Everything works without it. No library, no build; it talks to this node only.
"use strict";

const SAVE_AFTER = 1000;
const CHECK_AFTER = 400;

function fieldsOf(form) {
  // A chosen file stays where it is until the form is sent.
  const texts = [...new FormData(form)].filter(([name, value]) => name !== "step" && typeof value === "string");
  return new URLSearchParams(texts);
}

async function post(path, fields) {
  try {
    const answer = await fetch(path, { method: "POST", body: fields, credentials: "same-origin", redirect: "error" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // The line is down: the next key pressed tries again.
  }
}

function later(action, delay) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), delay);
  };
}

// --- kept while typed ---
function keep(form) {
  const status = document.getElementById("kept");
  let isChanged = false;
  let isLeaving = false;
  const save = async () => {
    const fields = fieldsOf(form);
    fields.set("path", form.dataset.draft);
    isChanged = false;
    const answer = await post("/drafts", fields);
    if (answer === null) isChanged = true;
    if (status) status.textContent = answer ? answer.says : form.dataset.notKept;
  };
  const soon = later(save, SAVE_AFTER);
  form.addEventListener("input", () => { isChanged = true; soon(); });
  form.addEventListener("change", () => { isChanged = true; soon(); });
  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("pagehide", () => {
    if (!isChanged || isLeaving) return;
    const fields = fieldsOf(form);
    fields.set("path", form.dataset.draft);
    navigator.sendBeacon("/drafts", fields);
  });
}

// --- looked at while typed ---
async function check(form, input) {
  const fields = fieldsOf(form);
  fields.set("check", input.name);
  const answer = await post(`${form.getAttribute("action")}/check`, fields);
  const place = document.getElementById(`${input.name}-live`);
  if (answer === null || place === null) return;
  const wrapper = input.closest(".field");
  const old = document.getElementById(`${input.name}-problem`);
  if (old) old.remove();
  place.textContent = answer.says || answer.shown || "";
  place.classList.toggle("says", Boolean(answer.says));
  wrapper.classList.toggle("has-problem", Boolean(answer.says));
  if (answer.says) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function look(form) {
  for (const input of form.querySelectorAll("[data-check]")) {
    const soon = later(() => check(form, input), CHECK_AFTER);
    input.addEventListener("change", () => { if (input.value.trim()) check(form, input); });
    if ("date" in input.dataset) {
      input.addEventListener("input", soon);
      if (input.value && !input.hasAttribute("aria-invalid")) check(form, input);
    }
  }
}

// --- only what applies ---
function chosen(form, name) {
  const values = [];
  for (const input of form.elements) {
    if (input.type === "radio" && input.name === name && input.checked) values.push(input.value);
    else if (input.type === "checkbox" && input.checked) {
      if (input.name === name) values.push(input.value);
      else if (input.name.startsWith(`${name}-`)) values.push(input.name.slice(name.length + 1));
    } else if (input.type !== "radio" && input.type !== "checkbox" && input.name === name) values.push(input.value);
  }
  return values;
}

function showWhatApplies(form) {
  for (const field of form.querySelectorAll("[data-shown-by]")) {
    const wanted = field.dataset.shownWhen.split(" ");
    const applies = chosen(form, field.dataset.shownBy).some((value) => wanted.includes(value));
    field.hidden = !applies;
  }
}

// --- keys ---
function pressKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !/^F[0-9]+$/.test(event.key)) return;
    const place = document.querySelector(`[data-key="${event.key}"]`);
    if (place === null) return;
    event.preventDefault();
    if (place.matches("input, textarea, select")) place.focus();
    else place.click();
  });
  for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  keep(form);
  look(form);
}
for (const form of document.querySelectorAll("form:has([data-shown-by])")) {
  form.addEventListener("change", () => showWhatApplies(form));
  showWhatApplies(form);
}
pressKeys();
