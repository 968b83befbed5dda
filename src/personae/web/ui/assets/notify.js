// Notifications of the browser: asked for by a button, shown for alerts whose rule wants it.

import { toast } from "./frame.js";

const KEY = "pe-notify";
const shown = new Set();
const wanted = () => localStorage.getItem(KEY) === "yes" && Notification.permission === "granted";

// The button that asks; it says how things stand.
export function bell(button) {
  if (!("Notification" in window)) return;
  const draw = () => {
    const words = Notification.permission === "denied" ? "Notifications are blocked in this browser"
      : wanted() ? "Notifications are on" : "Notify me here";
    button.querySelector("span").textContent = words;
    button.querySelector(".material-icons").textContent = wanted() ? "notifications_active" : "notifications";
    button.setAttribute("aria-pressed", String(wanted()));
    button.disabled = Notification.permission === "denied" || !window.isSecureContext;
    button.title = window.isSecureContext
      ? "Shows alerts of rules that tell open pages, as long as this page is open"
      : "Browsers notify only on https:// and on this machine itself";
    button.hidden = false;
  };
  button.onclick = async () => {
    if (wanted()) localStorage.setItem(KEY, "no");
    else if (await Notification.requestPermission() === "granted") localStorage.setItem(KEY, "yes");
    draw();
  };
  draw();
}

// An alert that was told just now. Of several open pages the system shows one: they have one tag.
export function heard(alert) {
  if (!alert.browser || shown.has(alert.id)) return;
  shown.add(alert.id);
  toast(`${alert.rule}: ${alert.words}`, { ms: 12000 });
  if (!("Notification" in window) || !wanted()) return;
  try {
    const note = new Notification(alert.rule, { body: alert.words, tag: alert.id });
    note.onclick = () => { window.focus(); note.close(); };
  } catch {
    // Phones want a service worker for this; the line on the page has to do
  }
}
