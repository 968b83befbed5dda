// The wall: live pictures of all cameras, who is before them, and what happened, as it happens.

import { api, complain, dialog, html, ready, toast } from "./frame.js";
import { follow, Moving } from "./moving.js";
import { bell, heard } from "./notify.js";

const clock = (ms) => new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const second = (ms) => new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = (ms) => new Date(ms).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
const since = (ms) => (Date.now() - ms < 20 * 3600e3 ? clock(ms) : `${new Date(ms).toLocaleDateString([], { day: "numeric", month: "short" })} ${clock(ms)}`);
const count = (n, one, more) => `${n} ${n === 1 ? one : more}`;
// No comparison of faces is ever certain
const share = (p) => `${Math.min(99, Math.floor(100 * p))} %`;
const RANK = { spoof: 0, known: 1, unknown: 2, undecided: 3 };
const KEPT = 200;

function lasting(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  return s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

// Changes nothing where nothing changed: no flicker, and screen readers are not told again.
function put(element, text, as = "innerHTML") {
  if (element.dataset.was === text) return;
  element.dataset.was = text;
  element[as] = text;
}

const ALIVE = {
  live: ['<span class="pe-chip good" title="A living face was seen: it blinked or turned">alive</span>', ""],
  "not shown yet": ["", "not shown to be alive yet"],
  "spoof suspected": ["", ""],
};

function nameOf(who) {
  if (who.type === "spoof") return who.name ? `${who.name}?` : "A picture of a face?";
  if (who.name) return who.name;
  return who.type === "unknown" ? "Somebody unknown" : "Looking…";
}

const ROW = '<canvas class="pc-face" width="72" height="72" hidden></canvas><span class="pc-face"><i class="material-icons" aria-hidden="true"></i></span><span><b></b><small></small></span><span data-mark></span>';

function person(row, who) {
  const known = who.person && who.type !== "spoof";
  const sure = who.confidence && who.type !== "undecided" ? ` <span class="pe-muted">${share(who.confidence)}</span>` : "";
  const [mark, words] = ALIVE[who.live] || ["", ""];
  const facts = [`for ${lasting(Date.now() - who.since)}`, who.type === "unknown" && who.name ? "unnamed" : "",
    who.by === "body" ? "known by the body" : "", who.type === "spoof" ? who.reasons.join(", ") : words];
  const name = html(nameOf(who));
  put(row.querySelector("b"), (known ? `<a href="/people/${who.person}">${name}</a>` : name) + sure);
  put(row.querySelector("small"), facts.filter(Boolean).join(" · "), "textContent");
  put(row.querySelector("[data-mark]"), who.type === "spoof" ? '<span class="pe-chip bad">perhaps a picture</span>' : mark);
  put(row.querySelector("i"), { spoof: "gpp_maybe", unknown: "person_outline", known: "person" }[who.type] || "search", "textContent");
}

// Their face out of the picture that is shown: strangers have one too, and nothing is asked for.
function face(row, who, image, width) {
  const canvas = row.querySelector("canvas");
  if (who.by === "body" || !image.naturalWidth || !width || image.closest(".pc-big")) return;
  const scale = image.naturalWidth / width, [x1, y1, x2, y2] = who.box.map((at) => at * scale);
  const side = Math.max(x2 - x1, y2 - y1);
  if (side < 8) return;
  canvas.getContext("2d").drawImage(image, (x1 + x2 - side) / 2, (y1 + y2 - side) / 2, side, side, 0, 0, 72, 72);
  canvas.hidden = false;
  canvas.nextElementSibling.hidden = true;
}

// A row stays with its person as long as they are here.
function people(list, one, image) {
  const here = one.state === "live" ? [...one.persons].sort((a, b) => RANK[a.type] - RANK[b.type] || a.since - b.since) : [];
  const rows = new Map([...list.querySelectorAll("[data-id]")].map((row) => [row.dataset.id, row]));
  let last = null;
  for (const who of here) {
    const id = String(who.id);
    let row = rows.get(id);
    rows.delete(id);
    if (!row) {
      row = document.createElement("li");
      row.dataset.id = id;
      row.innerHTML = ROW;
    }
    if (last ? last.nextElementSibling !== row : list.firstElementChild !== row) list.insertBefore(row, last ? last.nextElementSibling : list.firstElementChild);
    row.className = who.type;
    person(row, who);
    face(row, who, image, one.width);
    last = row;
  }
  for (const row of rows.values()) row.remove();
  const more = one.people - here.length;
  let rest = list.querySelector(".none");
  if (!rest) {
    rest = document.createElement("li");
    rest.className = "none";
    list.append(rest);
  }
  put(rest, here.length ? `and ${count(more, "other person", "others")}` : more > 0 ? count(more, "person is here", "people are here") : "Nobody is here", "textContent");
  rest.hidden = one.state !== "live" || (here.length > 0 && more <= 0);
}

function chip(one) {
  const words = { live: "live", connecting: "connecting", ended: `ended ${since(one.since)}`, dark: `dark since ${since(one.since)}` }[one.state];
  const tone = { live: "good pc-live", dark: "bad", connecting: "warn" }[one.state] || "";
  return `<span class="pe-chip ${tone}">${words}</span>`;
}

function veil(one) {
  const [icon, words] = {
    live: ["", ""], connecting: ["sync", "Connecting"], ended: ["stop_circle", "Ended"], dark: ["videocam_off", `Dark since ${since(one.since)}`],
  }[one.state];
  return words && `<i class="material-icons" aria-hidden="true">${icon}</i>${words}${one.reason ? `<small>${html(one.reason)}</small>` : ""}`;
}

const facts = (one) => (one.state === "live"
  ? `${one.analysed_fps.toFixed(1)} looks a second · ${Math.round(one.latency_ms)} ms behind · ${one.width} × ${one.height} at ${Math.round(one.fps)} fps`
  : html(one.address));

const BODY = '<div class="pc-words"><div class="pc-top"><b></b><span data-chip></span></div><ul class="pc-people"></ul><p class="pc-facts"></p></div>';

function fill(box, one) {
  box.dataset.state = one.state;
  box.dataset.who = one.state === "live" ? ["spoof", "known"].find((type) => one.persons.some((p) => p.type === type)) || "" : "";
  put(box.querySelector(".pc-top b"), one.name, "textContent");
  put(box.querySelector("[data-chip]"), chip(one));
  people(box.querySelector(".pc-people"), one, box.querySelector(".pc-pic img"));
  put(box.querySelector(".pc-facts"), facts(one));
  const words = veil(one), over = box.querySelector(".pc-veil");
  over.hidden = !words;
  put(over, words);
  if (one.width) box.querySelector(".pc-pic").style.aspectRatio = `${one.width} / ${one.height}`;
}

class Wall {
  constructor(place) {
    this.place = place;
    this.grid = place.querySelector("#pc-wall");
    this.tiles = new Map();
    this.streams = [];
    this.big = null;
    this.grid.addEventListener("click", (event) => {
      const tile = event.target.closest(".pc-pic")?.closest(".pc-cam");
      if (tile) this.enlarge(tile.dataset.camera);
    });
    place.querySelector("#pc-full").onclick = () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else place.requestFullscreen().catch(() => toast("This browser cannot fill the screen", { bad: true }));
    };
    addEventListener("visibilitychange", () => this.pull());
  }

  // Pictures come only while somebody can see them.
  pull() {
    const wanted = !document.hidden && !this.big && this.streams.length > 0;
    if (wanted === Boolean(this.stop)) return;
    if (!wanted) { this.stop.abort(); this.stop = null; return; }
    this.stop = new AbortController();
    follow(this.stop.signal, (camera, blob) => this.tiles.get(camera)?.moving.show(blob));
  }

  draw(status) {
    const names = new Set(status.streams.map((one) => one.name));
    for (const [name, tile] of this.tiles) if (!names.has(name)) { tile.box.remove(); this.tiles.delete(name); }
    this.streams = status.streams.map((one) => (status.running ? one : { ...one, state: "ended", since: status.timestamp }));
    for (const one of this.streams) fill(this.tile(one.name).box, one);
    this.grid.toggleAttribute("data-few", names.size === 1);
    this.place.style.setProperty("--pc-columns", Math.ceil(Math.sqrt(names.size)));
    const here = this.streams.filter((one) => one.state === "live");
    const dark = this.streams.filter((one) => one.state === "dark").length;
    const who = here.reduce((sum, one) => sum + Math.max(one.people, one.persons.length), 0);
    const said = [`<b>${count(names.size, "camera", "cameras")}</b>`, dark ? `${dark} dark` : "", here.length ? (who ? `${count(who, "person", "people")} here now` : "nobody here now") : ""];
    put(this.place.querySelector("#pc-said"), said.filter(Boolean).join(" · "));
    const over = this.place.querySelector("#pc-over");
    over.hidden = status.running;
    put(over, status.running ? "" : `The watch ended at ${since(status.timestamp)}. This is how it was last; \`personae watch\` goes on.`, "textContent");
    if (this.big) this.big.draw();
    this.pull();
  }

  tile(name) {
    let tile = this.tiles.get(name);
    if (!tile) {
      const box = document.createElement("article");
      box.className = "pc-cam";
      box.dataset.camera = name;
      box.innerHTML = `<button class="pc-pic" type="button" aria-label="Enlarge ${html(name)}"><img alt="What ${html(name)} sees"><span class="pc-veil" hidden></span></button>${BODY}`;
      const moving = new Moving(box.querySelector("img"));
      tile = { box, moving };
      this.tiles.set(name, tile);
      // What was seen last is there at once
      fetch(`/api/v1/live/${encodeURIComponent(name)}/picture`).then((answer) => (answer.ok ? answer.blob() : null))
        .then((blob) => { if (blob && !moving.url) moving.show(blob); }, () => {});
    }
    if (!tile.box.isConnected) this.grid.append(tile.box);
    return tile;
  }

  async enlarge(name) {
    const step = (by) => {
      const at = this.streams.findIndex((one) => one.name === name);
      name = this.streams[(at + by + this.streams.length) % this.streams.length].name;
    };
    const shown = dialog(
      `<div class="pc-cam"><div class="pc-pic"><img><span class="pc-veil" hidden></span></div>${BODY.replace("</p></div>", `</p>
       <form method="dialog" class="pe-row end"><button class="pe-btn" value="">Close</button>
       <button class="pe-btn" type="button" data-by="1" aria-label="Next camera"><i class="material-icons" aria-hidden="true">chevron_right</i></button>
       <button class="pe-btn" type="button" data-by="-1" aria-label="Camera before"><i class="material-icons" aria-hidden="true">chevron_left</i></button></form></div>`)}</div>`,
      { onOpen: (box) => {
        box.classList.add("pc-big");
        const image = box.querySelector("img");
        const draw = () => {
          const one = this.streams.find((found) => found.name === name);
          if (!one) { box.close(""); return; }
          if (image.dataset.camera !== name) {
            image.dataset.camera = name;
            image.alt = `What ${name} sees`;
            image.src = `/api/v1/live/${encodeURIComponent(name)}/stream`;
          }
          fill(box.querySelector(".pc-cam"), one);
        };
        const go = (by) => { step(by); draw(); };
        for (const button of box.querySelectorAll("[data-by]")) button.onclick = () => go(Number(button.dataset.by));
        box.addEventListener("keydown", (event) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (by) { go(by); event.preventDefault(); }
        });
        // A picture that is taken out goes on being fetched; one that is empty does not
        box.addEventListener("close", () => { image.src = ""; });
        this.big = { draw };
        this.pull();
        draw();
      } });
    await shown;
    this.big = null;
    this.pull();
  }
}

const ICONS = { clip: "movie", "clip lost": "error_outline", trouble: "error_outline", retention: "auto_delete", "camera dark": "videocam_off", "camera back": "videocam", left: "logout", "profile made": "person_add", "profiles maintained": "cleaning_services" };

class Past {
  constructor(place) {
    this.place = place;
    this.list = place.querySelector("#pc-history");
    this.older = place.querySelector("#pc-older");
    this.older.onclick = () => this.fetch().catch(complain);
  }

  async fetch() {
    const page = await api("GET", `/live/history?limit=${this.next ? 50 : 15}${this.next ? `&cursor=${encodeURIComponent(this.next)}` : ""}`);
    for (const one of page.items) if (this.tells(one)) this.list.append(this.row(one));
    this.next = page.next;
    this.older.hidden = !page.next;
    this.days();
  }

  add(one) {
    if (!this.tells(one)) return;
    const row = this.row(one);
    row.classList.add("new");
    this.list.prepend(row);
    while (this.list.children.length > KEPT && !this.next) this.list.lastElementChild.remove();
    this.days();
  }

  // Who came is told when it is known who it is, or when they left.
  tells(one) { return !(one.event === "person" && one.type === "undecided"); }

  row(one) {
    const row = document.createElement("li");
    row.dataset.at = one.at;
    row.className = one.event === "person" ? one.type || "" : one.event === "camera dark" ? "dark" : "";
    const icon = ICONS[one.event] || { known: "how_to_reg", spoof: "gpp_maybe" }[one.type] || "person_outline";
    const words = one.person ? `<a href="/people/${one.person}">${html(one.words)}</a>` : html(one.words);
    row.innerHTML = `<time datetime="${new Date(one.at).toISOString()}">${second(one.at)}</time><i class="material-icons" aria-hidden="true">${icon}</i>
      <span>${words}</span>${one.camera ? `<span class="pe-chip">${html(one.camera)}</span>` : ""}`;
    return row;
  }

  days() {
    for (const old of this.list.querySelectorAll(".day")) old.remove();
    const today = day(Date.now());
    let before = today;
    for (const row of [...this.list.children]) {
      const now = day(Number(row.dataset.at));
      if (now !== before) {
        const head = document.createElement("li");
        head.className = "day";
        head.textContent = now;
        row.before(head);
        before = now;
      }
    }
    this.place.hidden = !this.list.children.length;
  }
}

function listen(wall, past) {
  const watch = document.querySelector("#pc-watch"), none = document.querySelector("#pc-none");
  const source = new EventSource("/api/v1/live/events");
  source.addEventListener("status", (event) => {
    const status = JSON.parse(event.data);
    watch.hidden = !status.streams.length;
    none.hidden = !watch.hidden;
    wall.draw(status);
  });
  source.addEventListener("history", (event) => past.add(JSON.parse(event.data)));
  source.addEventListener("alert", (event) => heard(JSON.parse(event.data)));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED || source.left) return;
    setTimeout(() => listen(wall, past), 5000);
  };
  addEventListener("pagehide", () => { source.left = true; source.close(); });
}

function copying(place) {
  place.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(`${text.textContent}\n`);
      button.textContent = "Copied";
    } catch {
      // Only pages on https:// and on this machine may; selecting always works
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

Promise.all([ready("#pc-watch"), ready("#pc-past"), ready("#pc-none .pc-steps")]).then(([watch, past, steps]) => {
  const told = new Past(past);
  told.fetch().catch(complain);
  bell(watch.querySelector("#pc-notify"));
  copying(steps);
  listen(new Wall(watch), told);
});
