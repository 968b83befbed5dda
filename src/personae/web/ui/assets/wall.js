// The wall of people: plain lazy pictures, filtered and sorted here, reviewed by keyboard.

import { complain, html, lasting, ready } from "./frame.js";
import { everybody, firstPeople, label } from "./verbs.js";
import { review } from "./review.js";

const ORDERS = {
  seconds: (a, b) => b.seconds - a.seconds || b.sightings - a.sightings || a.id - b.id,
  sightings: (a, b) => b.sightings - a.sightings || a.id - b.id,
  name: (a, b) => (a.name ? 0 : 1) - (b.name ? 0 : 1) || label(a).localeCompare(label(b)) || a.id - b.id,
  newest: (a, b) => b.id - a.id,
};
const KINDS = {
  shown: (p) => p.kind !== "hidden",
  unnamed: (p) => p.kind !== "hidden" && !p.name,
  named: (p) => p.kind !== "hidden" && Boolean(p.name),
  untagged: (p) => p.kind !== "hidden" && p.gender === "Unknown",
  hidden: (p) => p.kind === "hidden",
};
const plural = (count, word, many = `${word}s`) => `${count.toLocaleString("en")} ${count === 1 ? word : many}`;

class Wall {
  constructor(grid) {
    this.grid = grid;
    this.people = new Map();
    this.cards = new Map();
    this.order = document.querySelector("#pp-order");
    this.kind = document.querySelector("#pp-kind");
    this.words = document.querySelector("#pp-filter");
    this.count = document.querySelector("#pp-count");
    for (const control of [this.order, this.kind]) control.addEventListener("change", () => this.arrange());
    this.words.addEventListener("input", () => this.arrange());
  }

  async load(first = null) {
    const seen = new Set();
    const found = await everybody((some) => {
      for (const person of some) { seen.add(person.id); this.put(person); }
      this.arrange();
    }, first);
    for (const id of [...this.people.keys()]) if (!seen.has(id)) this.drop(id);
    this.arrange();
    return found;
  }

  put(person) {
    const known = this.people.get(person.id);
    this.people.set(person.id, person);
    if (known && JSON.stringify(known) === JSON.stringify(person)) return;
    let card = this.cards.get(person.id);
    if (!card) {
      card = document.createElement("article");
      card.className = "pp-card";
      card.tabIndex = -1;
      card.dataset.id = person.id;
      this.cards.set(person.id, card);
    }
    fill(card, person);
  }

  drop(id) {
    this.people.delete(id);
    this.cards.get(id)?.remove();
    this.cards.delete(id);
  }

  // Sorts, filters, and puts the cards in their places; nothing moves that is where it belongs.
  arrange() {
    const words = this.words.value.trim().toLocaleLowerCase();
    const fits = KINDS[this.kind.value] || KINDS.shown;
    const told = (p) => `${label(p)} ${p.gender} ${(p.tags || []).join(" ")}`.toLocaleLowerCase();
    this.shown = [...this.people.values()]
      .filter((p) => fits(p) && (!words || told(p).includes(words)))
      .sort(ORDERS[this.order.value] || ORDERS.seconds);
    const wanted = this.shown.map((p) => this.cards.get(p.id));
    const keep = new Set(wanted);
    for (const card of [...this.grid.children]) if (!keep.has(card)) card.remove();
    let place = this.grid.firstElementChild;
    for (const card of wanted) {
      if (card === place) place = place.nextElementSibling;
      else this.grid.insertBefore(card, place);
    }
    const named = this.shown.filter((p) => p.name).length;
    this.count.textContent = `${plural(this.shown.length, "person", "people")}, ${named.toLocaleString("en")} named`;
    document.querySelector("#pp-nobody").hidden = this.shown.length > 0;
    document.querySelector("#pp-nobody p").textContent = this.people.size
      ? "Nobody fits this filter. Clear it to see everybody."
      : "Add videos or photos in the library; whoever is in them appears here.";
    this.grid.setAttribute("aria-busy", "false");
  }
}

function fill(card, person) {
  const time = person.seconds ? lasting(person.seconds) : "photos";
  const chip = person.gender === "Unknown" ? "" : `<span class="pe-chip">${html(person.gender)}</span>`;
  card.classList.toggle("unnamed", !person.name);
  card.classList.toggle("away", person.kind === "hidden");
  card.setAttribute("aria-label", label(person));
  card.innerHTML =
    `<a href="/people/${person.id}" tabindex="-1" draggable="false"><img src="/api/v1/people/${person.id}/crop?n=${person.sightings}"
      width="160" height="160" loading="lazy" decoding="async" alt=""></a>
     <label class="pp-tick" title="Select (Space)"><input type="checkbox" tabindex="-1" aria-label="Select ${html(label(person))}"></label>
     <div class="pp-words"><button type="button" class="pp-name" tabindex="-1" title="Name (N)">${html(label(person))}</button>
     <div class="pp-facts"><span title="Screen time">${time}</span><span title="Appearances">${plural(person.sightings, "face")}</span>${chip}</div></div>`.replace(/>\s+</g, "><");
  card.querySelector("input").checked = card.classList.contains("chosen");
}

const first = firstPeople();
ready("#pp-wall").then(async (grid) => {
  const wall = new Wall(grid);
  review(wall);
  try {
    await wall.load(first);
  } catch (error) {
    complain(error);
  }
});
