// Suggested pairs: decide each with one key; what is decided goes away and can be undone.

import { dialogOpen, ready, typing } from "./frame.js";
import { act, merge, notSame, takeBack } from "./verbs.js";

const again = () => location.reload();

function away(card) {
  const next = card.nextElementSibling || card.previousElementSibling;
  // Whoever was merged is gone from the other pairs too: those are asked for anew when all are done
  card.remove();
  if (next) next.focus();
  else again();
}

async function decide(card, what) {
  const a = Number(card.dataset.a), b = Number(card.dataset.b);
  const names = [...card.querySelectorAll("strong")].map((one) => one.textContent);
  if (what === "skip") { away(card); return; }
  const undone = (result) => { if (result === null) again(); };
  if (what === "join") {
    const done = await act(() => merge(a, [b]), `${names[1]} merged into ${names[0]}`, undone);
    if (!done) return;
    for (const other of [...document.querySelectorAll(".pp-pair")])
      if (other !== card && [other.dataset.a, other.dataset.b].includes(String(b))) other.remove();
    away(card);
  }
  if (what === "part") {
    let failed = false;
    await act(async () => { await notSame(a, b); return true; }, `${names[0]} and ${names[1]} are two people`, undone)
      .then((done) => { failed = done === null; });
    if (!failed) away(card);
  }
}

ready(".pp-pairs").then((place) => {
  const cards = () => [...place.querySelectorAll(".pp-pair")];
  const current = () => document.activeElement?.closest?.(".pp-pair") || cards()[0];
  place.addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what) decide(event.target.closest(".pp-pair"), what);
  });
  document.querySelector("#pp-undo").onclick = () => takeBack(again);
  document.addEventListener("keydown", (event) => {
    if (dialogOpen() || typing(event) || event.altKey) return;
    const pressed = event.key.toLowerCase();
    if (pressed === "z") { event.preventDefault(); takeBack(again); return; }
    if (event.ctrlKey || event.metaKey) return;
    const what = { j: "join", x: "part", k: "skip" }[pressed];
    if (what && current()) { event.preventDefault(); decide(current(), what); }
    const step = { arrowright: 1, arrowdown: 1, arrowleft: -1, arrowup: -1 }[pressed];
    if (step) {
      event.preventDefault();
      const all = cards();
      const at = all.indexOf(current());
      all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
    }
  });
  cards()[0]?.focus();
});
