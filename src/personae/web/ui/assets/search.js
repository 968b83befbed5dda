// Search by a picture: drop it, choose the face, see who it is and where else they are seen.

import { complain, html, ready, Refused } from "./frame.js";

const RATES = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];
const WORDS = ["very loose", "very loose", "loose", "loose", "usual", "strict", "strict", "very strict", "very strict"];
const SHOWN = 6;

async function send(path, picture) {
  const form = new FormData();
  form.append("image", picture, picture.name || "picture");
  const answer = await fetch(`/api/v1${path}`, { method: "POST", body: form });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(found, answer.status);
  return found;
}

const two = (number) => String(number).padStart(2, "0");
function stamp(seconds) {
  const tenths = Math.round(seconds * 10), whole = Math.floor(tenths / 10), minutes = Math.floor(whole / 60);
  const head = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : `${minutes}`;
  return `${head}:${two(whole % 60)}.${tenths % 10}`;
}
const oneIn = (rate) => `1 in ${Math.round(1 / rate).toLocaleString("en")}`;
const percent = (share) => (share >= 0.995 ? (100 * Math.min(share, 0.9999)).toFixed(2) : (100 * share).toFixed(0)) + " %";

function expected(found) {
  const many = found.expected_false_matches, faces = found.comparisons.toLocaleString("en");
  const compared = `Compared with ${faces} ${found.comparisons === 1 ? "face" : "faces"} of this library. `;
  const rate = `At this setting ${oneIn(found.threshold_fmr)} comparisons with a stranger passes by accident: `;
  let words = "";
  if (many >= 1.5) words = `expect about ${Math.round(many).toLocaleString("en")} false matches here.`;
  else if (many >= 0.5) words = "expect about one false match here.";
  else if (many > 0) words = `no false match is to be expected here, about one in ${Math.max(2, Math.round(1 / many)).toLocaleString("en")} such searches has one.`;
  const guess = found.uncalibrated ? " Nobody measured this face model, so these figures are a cautious guess." : "";
  return compared + (many > 0 ? rate + words : "") + guess;
}

class Search {
  constructor() {
    const at = (id) => document.querySelector(`#ps-${id}`);
    Object.assign(this, {
      drop: at("drop"), file: at("file"), probe: at("probe"), said: at("said"), rate: at("rate"),
      told: at("told"), answer: at("answer"), left: at("left"), busy: at("busy"),
    });
    this.turn = 0;
    this.file.addEventListener("change", () => this.file.files[0] && this.take(this.file.files[0]));
    for (const name of ["dragover", "dragleave", "drop"])
      document.addEventListener(name, (event) => this.over(event, name));
    document.addEventListener("paste", (event) => {
      const picture = [...(event.clipboardData?.files || [])].find((one) => one.type.startsWith("image/"));
      if (picture) this.take(picture);
    });
    this.rate.addEventListener("input", () => this.tell());
    this.rate.addEventListener("change", () => this.search());
    this.tell();
  }

  over(event, name) {
    event.preventDefault();
    this.drop.classList.toggle("over", name === "dragover");
    const picture = name === "drop" && event.dataTransfer?.files?.[0];
    if (picture) this.take(picture);
  }

  tell() {
    const place = Number(this.rate.value);
    this.told.textContent = `${WORDS[place]}: ${oneIn(RATES[place])} strangers passes`;
  }

  async take(picture) {
    const turn = ++this.turn;
    this.picture = picture;
    this.face = null;
    this.answer.replaceChildren();
    this.left.hidden = false;
    this.said.textContent = "Looking for faces …";
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = URL.createObjectURL(picture);
    this.probe.innerHTML = '<img alt="The picture that is searched with">';
    const image = this.probe.firstElementChild;
    image.src = this.shown;
    this.drop.classList.add("small");
    try {
      const [{ faces }] = await Promise.all([send("/search/faces", picture), image.decode().catch(() => null)]);
      if (turn !== this.turn) return;
      this.faces = faces;
      this.mark(image);
      if (faces.length === 1) this.choose(faces[0].number);
      else {
        this.said.textContent = `${faces.length} faces. Which one?`;
        this.strip();
      }
    } catch (error) {
      if (turn !== this.turn) return;
      this.said.textContent = error.hint ? `${error.message}. ${error.hint}` : error.message;
    }
  }

  // Boxes are in pixels of the upright picture, and so is what the browser shows
  mark(image) {
    const wide = image.naturalWidth, high = image.naturalHeight;
    if (!wide) return;
    for (const one of this.faces) {
      const [x1, y1, x2, y2] = one.box, button = document.createElement("button");
      button.type = "button";
      button.className = "pv-face";
      button.dataset.face = one.number;
      button.setAttribute("aria-label", `Face ${one.number} from the left`);
      Object.assign(button.style, {
        left: `${(100 * x1) / wide}%`, top: `${(100 * y1) / high}%`,
        width: `${(100 * (x2 - x1)) / wide}%`, height: `${(100 * (y2 - y1)) / high}%`,
      });
      if (this.faces.length > 1) button.innerHTML = `<span>${one.number}</span>`;
      button.onclick = () => this.choose(one.number);
      this.probe.append(button);
    }
  }

  strip() {
    const row = document.createElement("div");
    row.className = "ps-strip";
    for (const one of this.faces) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.face = one.number;
      button.innerHTML = `<img alt="" src="${html(one.crop)}">${one.number}`;
      button.onclick = () => this.choose(one.number);
      row.append(button);
    }
    this.said.append(row);
  }

  choose(number) {
    this.face = number;
    for (const one of document.querySelectorAll("#ps-left [data-face]"))
      one.classList.toggle("chosen", Number(one.dataset.face) === number);
    const weak = this.faces.find((one) => one.number === number).quality < 0.3
      ? " This view is small or blurred: take a better one if you have it." : "";
    if (this.faces.length === 1) this.said.textContent = `One face.${weak}`;
    this.search();
  }

  async search() {
    if (!this.face) return;
    const turn = ++this.turn, rate = RATES[Number(this.rate.value)];
    this.busy.hidden = false;
    try {
      const found = await send(`/search?face=${this.face}&fmr=${rate}&limit=500`, this.picture);
      if (turn === this.turn) this.show(found);
    } catch (error) { if (turn === this.turn) complain(error); }
    finally { if (turn === this.turn) this.busy.hidden = true; }
  }

  show(found) {
    const groups = new Map();
    for (const one of found.matches) {
      const key = one.person ?? `s${one.sighting}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(one);
    }
    const people = [...groups.values()].map(person).join("");
    const nobody = `<div class="pe-panel pe-empty"><i class="material-icons" aria-hidden="true">person_search</i>
      <h2>Nobody here looks like this</h2><p>A looser setting finds more, and more false ones. A sharp view from
      the front searches best.</p></div>`;
    this.answer.innerHTML = `<p class="pe-muted pe-small" id="ps-expected">${html(expected(found))}</p>${people || nobody}`;
    for (const button of this.answer.querySelectorAll("[data-more]"))
      button.onclick = () => {
        for (const row of button.parentElement.querySelectorAll("[hidden]")) row.hidden = false;
        button.remove();
      };
  }
}

function person(matches) {
  const best = matches[0], direct = matches.filter((one) => !one.through_person);
  const top = direct.reduce((most, one) => Math.max(most, one.probability), 0);
  const name = best.name || (best.person ? `Person ${best.person}` : "Nobody yet");
  const crop = best.person ? `/api/v1/people/${best.person}/crop` : best.crop;
  const title = best.person ? `<a href="/people/${best.person}">${html(name)}</a>` : html(name);
  const count = matches.length === 1 ? "1 appearance" : `${matches.length} appearances`;
  const head = `<div class="pv-person"><img src="${crop}" alt=""><div class="pe-grow"><h2>${title}</h2>
    <span class="pe-muted pe-small">${count} · the best is the same person with a probability of ${percent(top)}</span></div></div>`;
  const rest = matches.length > SHOWN
    ? `<button class="pe-btn" type="button" data-more>Show all ${matches.length}</button>` : "";
  return `<section class="pe-panel" data-person="${best.person ?? ""}">${head}${matches.map(row).join("")}${rest}</section>`;
}

function row(one, place) {
  const film = one.end > 0, from = one.start.toFixed(3);
  const when = film ? `${stamp(one.start)} – ${stamp(one.end)}` : "photo";
  const how = one.through_person
    ? "less like the picture, found through the person"
    : `${percent(one.probability)} probable · similarity ${one.score.toFixed(2)}`;
  const address = `/video/${one.media}${film ? `?t=${from}` : ""}`;
  return `<div class="pv-found" ${place >= SHOWN ? "hidden" : ""}><img src="${one.crop}" alt="" loading="lazy">
    <div><div><b>${when}</b> <span class="pe-muted">in ${html(one.file_name)}</span></div>
    <div class="pe-muted pe-small">${how}</div></div>
    <a class="pe-btn primary" href="${address}" data-start="${from}"><i class="material-icons"
      aria-hidden="true">${film ? "play_arrow" : "image"}</i>${film ? "Play" : "Open"}</a></div>`;
}

ready("#ps-drop").then(() => new Search());
