// The frame: light and dark, and what every page's script shares: asking the API, toasts, dialogs.

export const html = (text) =>
  String(text ?? "").replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);

// The element once it is there: the page is put together by the browser a little after this runs.
export function ready(selector) {
  return new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(selector);
      if (found) resolve(found);
      else requestAnimationFrame(look);
    };
    look();
  });
}

export class Refused extends Error {
  constructor(problem, status) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.hint = problem.hint || "";
    this.code = problem.code || "";
    this.status = status;
  }
}

export async function api(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(`/api/v1${path}`, options);
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  const text = await answer.text();
  let found = null;
  try { found = text ? JSON.parse(text) : null; } catch { found = { detail: text.slice(0, 200) }; }
  if (!answer.ok) throw new Refused(found || {}, answer.status);
  return found;
}

export function toast(message, { action, onAction, bad = false, ms = 7000 } = {}) {
  let place = document.querySelector(".pe-toasts");
  if (!place) {
    place = document.createElement("div");
    place.className = "pe-toasts";
    place.setAttribute("role", "status");
    place.setAttribute("aria-live", "polite");
    document.body.append(place);
  }
  while (place.children.length > 2) place.firstElementChild.remove();
  const line = document.createElement("div");
  line.className = `pe-toast${bad ? " bad" : ""}`;
  const words = document.createElement("span");
  words.textContent = message;
  line.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.onclick = () => { line.remove(); onAction(); };
    line.append(button);
  }
  place.append(line);
  setTimeout(() => line.remove(), ms);
}

export const complain = (error) =>
  toast(error.hint ? `${error.message}. ${error.hint}` : error.message, { bad: true, ms: 10000 });

// A dialog with our markup inside; resolves to what the button or form that closed it says.
export function dialog(markup, { wide = false, onOpen } = {}) {
  return new Promise((resolve) => {
    const box = document.createElement("dialog");
    box.className = `pe-dialog${wide ? " wide" : ""}`;
    box.innerHTML = markup;
    document.body.append(box);
    box.addEventListener("close", () => {
      const data = Object.fromEntries(new FormData(box.querySelector("form") || undefined));
      box.remove();
      resolve(box.returnValue ? { choice: box.returnValue, ...data } : null);
    });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(""); });
    box.showModal();
    if (onOpen) onOpen(box);
  });
}

export async function ask(title, text, yes, { danger = false } = {}) {
  const said = await dialog(
    `<form method="dialog"><h2>${html(title)}</h2><p>${html(text)}</p><div class="pe-row end">
     <button class="pe-btn ${danger ? "danger" : "primary"}" value="yes" autofocus>${html(yes)}</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`);
  return said?.choice === "yes";
}

export function lasting(seconds) {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const h = Math.floor(whole / 3600), m = Math.floor((whole % 3600) / 60), s = whole % 60;
  return h ? `${h} h ${m} min` : `${m} min ${s} s`;
}

export const dialogOpen = () => Boolean(document.querySelector("dialog[open]"));
export const typing = (event) => Boolean(event.target.closest?.("input, textarea, select, [contenteditable]"));

const MODES = ["auto", "light", "dark"];

function dress(mode) {
  document.querySelector("#pe-theme span").textContent = { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" }[mode];
  const set = () => window.Quasar?.Dark?.set(mode === "auto" ? "auto" : mode === "dark");
  if (mode !== "auto") setTimeout(set, 0);
  else set();
}

document.documentElement.lang ||= "en";
ready("#pe-theme").then((button) => {
  let mode = MODES.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "auto";
  dress(mode);
  button.onclick = () => {
    mode = MODES[(MODES.indexOf(mode) + 1) % MODES.length];
    localStorage.setItem("theme", mode);
    dress(mode);
  };
});

// The way out; the page holds the button where somebody is signed in.
ready("#pe-account").then((place) => {
  const out = place.querySelector("#pe-out");
  if (out) out.onclick = () => api("DELETE", "/session").then(() => location.assign("/login"), complain);
});
