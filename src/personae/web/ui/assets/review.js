// Review for fast hands: move, name, tag, select, merge, part, split, hide, undo from the keyboard.

import { dialog, dialogOpen, toast, typing } from "./frame.js";
import { hideOne, mergeThem, nameOf, partThem, splitOff, tagWith, takeBack } from "./verbs.js";

const KEYS = [
  ["← ↑ → ↓", "move"], ["N or Enter", "name; a known name merges"],
  ["F M U O", "tag Female, Male, Unknown, other"], ["Space", "select"], ["Shift + ← →", "select while moving"],
  ["J", "join the selected into one person"], ["X", "the two selected are not the same"],
  ["S", "see all faces, split off wrong ones"], ["H", "hide, or show again"], ["P", "open the person's page"],
  ["Z or Ctrl + Z", "undo"], ["Esc", "select nobody"], ["/", "filter"], ["?", "this help"],
];

export const help = () => dialog(
  `<form method="dialog"><h2>Keys</h2><table class="pp-keys">${KEYS.map(([keys, what]) =>
    `<tr><td>${keys.split(" ").map((k) => (["or", "+"].includes(k) ? k : `<kbd>${k}</kbd>`)).join(" ")}</td><td>${what}</td></tr>`).join("")}
   </table><div class="pe-row end"><button class="pe-btn primary" value="" autofocus>Close</button></div></form>`);

export function review(wall) {
  const { grid } = wall;
  const chosen = new Set();
  let current = null, place = 0;

  const cards = () => [...grid.children];
  const personOf = (card) => card && wall.people.get(Number(card.dataset.id));
  const after = async () => {
    await wall.load();
    for (const id of [...chosen]) if (!wall.people.has(id)) chosen.delete(id);
    mark();
    focus(grid.contains(current) ? current : cards()[Math.min(place, grid.children.length - 1)]);
  };

  function focus(card) {
    if (!card) { current = null; return; }
    if (current) current.tabIndex = -1;
    current = card;
    current.tabIndex = 0;
    place = Math.max(cards().indexOf(card), 0);
    if (!dialogOpen()) card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function choose(id, on = !chosen.has(id)) {
    if (on) chosen.add(id);
    else chosen.delete(id);
    mark();
  }

  function mark() {
    for (const [id, card] of wall.cards) {
      const on = chosen.has(id);
      if (card.classList.contains("chosen") !== on) {
        card.classList.toggle("chosen", on);
        card.querySelector("input").checked = on;
      }
    }
    const bar = document.querySelector("#pp-bar");
    bar.hidden = !chosen.size;
    bar.querySelector("#pp-chosen").textContent = `${chosen.size} selected`;
    bar.querySelector("[data-do=join]").disabled = chosen.size < 2;
    bar.querySelector("[data-do=part]").disabled = chosen.size !== 2;
  }

  const them = () => [...chosen].map((id) => wall.people.get(id)).filter(Boolean);
  const columns = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length;

  function move(step, extend) {
    const all = cards();
    if (!all.length) return;
    if (!current || !grid.contains(current)) { focus(all[0]); return; }
    const at = all.indexOf(current);
    if (extend) choose(Number(current.dataset.id), true);
    focus(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
    if (extend) choose(Number(current.dataset.id), true);
  }

  async function nameIt(person) {
    const card = current;
    const done = await nameOf(person, [...wall.people.values()], after);
    // On to the next, unless a filter has taken the named one away and the next is here already
    if (done && grid.contains(card) && current === card) move(1, false);
    else if (!done) focus(card);
  }

  async function join() {
    if (chosen.size < 2) { toast("Select two people or more with Space, then press J."); return; }
    if (await mergeThem(them(), async () => { chosen.clear(); await after(); })) mark();
  }

  async function part() {
    if (chosen.size !== 2) { toast("Select exactly two people with Space, then press X."); return; }
    const [a, b] = them();
    await partThem(a, b, async () => { chosen.clear(); await after(); });
  }

  const deeds = {
    n: (p) => nameIt(p), enter: (p) => nameIt(p),
    f: (p) => tagWith(p, "Female", after), m: (p) => tagWith(p, "Male", after),
    u: (p) => tagWith(p, "Unknown", after), o: (p) => tagWith(p, null, after),
    s: (p) => splitOff(p, after), h: (p) => hideOne(p, after),
    p: (p) => location.assign(`/people/${p.id}`), " ": (p) => choose(p.id),
  };
  const always = {
    arrowleft: (e) => move(-1, e.shiftKey), arrowright: (e) => move(1, e.shiftKey),
    arrowup: () => move(-columns(), false), arrowdown: () => move(columns(), false),
    home: () => focus(cards()[0]), end: () => focus(cards().at(-1)),
    j: () => join(), x: () => part(), z: () => takeBack(after), "?": () => help(),
    "/": () => wall.words.focus(), escape: () => { chosen.clear(); mark(); },
  };

  document.addEventListener("keydown", (event) => {
    if (dialogOpen() || event.altKey) return;
    const pressed = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && pressed === "z" && !typing(event)) {
      event.preventDefault();
      takeBack(after);
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (typing(event)) {
      if (event.target === wall.words && ["escape", "enter", "arrowdown"].includes(pressed)) {
        event.preventDefault();
        focus(cards()[0]);
      }
      if (event.target.type !== "checkbox") return;
    }
    // Buttons and links keep Enter and Space for themselves
    const control = event.target.closest?.("button, a, select, summary");
    if (control && ["enter", " "].includes(pressed)) return;
    if (always[pressed]) {
      event.preventDefault();
      always[pressed](event);
    } else if (deeds[pressed] && personOf(current)) {
      event.preventDefault();
      deeds[pressed](personOf(current));
    }
  });

  grid.addEventListener("focusin", (event) => {
    const card = event.target.closest(".pp-card");
    if (card && card !== current) focus(card);
  });
  grid.addEventListener("change", (event) => {
    const card = event.target.closest(".pp-card");
    choose(Number(card.dataset.id), event.target.checked);
    focus(card);
  });
  grid.addEventListener("click", (event) => {
    const card = event.target.closest(".pp-card");
    if (!card) return;
    if (event.target.closest(".pp-name")) { focus(card); nameIt(personOf(card)); return; }
    if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey && chosen.size) {
      event.preventDefault();
      choose(Number(card.dataset.id));
    }
  });
  document.querySelector("#pp-bar").addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what === "join") join();
    if (what === "part") part();
    if (what === "clear") { chosen.clear(); mark(); }
  });
  document.querySelector("#pp-undo").addEventListener("click", () => takeBack(after));
  document.querySelector("#pp-help").addEventListener("click", () => help());
  document.addEventListener("pe-first", () => focus(cards()[0]), { once: true });
}
