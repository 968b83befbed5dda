// One person's page: rename, tag, hide, split; clips, supercuts and exports as jobs with progress.

import { api, complain, dialog, dialogOpen, html, ready, toast, typing } from "./frame.js";
import { act, everybody, hideOne, label, nameOf, splitOff, tag, takeBack } from "./verbs.js";

const FORMATS = [
  ["otio", "OpenTimelineIO, for most editors"], ["fcpxml", "Final Cut Pro"], ["edl", "EDL (CMX 3600)"],
  ["vtt", "WebVTT chapters"], ["srt", "SubRip subtitles"], ["csv", "Table (CSV)"], ["json", "JSON"],
  ["mot", "MOTChallenge boxes"], ["coco", "COCO boxes"],
];
const again = () => location.reload();

async function tagThem(person) {
  const usual = ["Female", "Male", "Unknown"];
  const other = usual.includes(person.gender) ? "" : person.gender;
  const said = await dialog(
    `<form method="dialog"><h2>Tag ${html(label(person))}</h2><p class="pe-muted">As you say it is; nothing here is guessed from a face.</p>
     <fieldset class="pp-genders"><legend class="pe-small pe-muted">Gender</legend>${[...usual, "Other"].map((one) =>
       `<label><input type="radio" name="gender" value="${one}" ${one === (other ? "Other" : person.gender) ? "checked autofocus" : ""}> ${one}</label>`).join("")}
     <input class="pe-field" name="word" maxlength="60" placeholder="another word" aria-label="Another word" value="${html(other)}"></fieldset>
     <label class="pe-small pe-muted" for="pp-tags">Add tags, separated by commas</label>
     <input class="pe-field" style="width:100%" id="pp-tags" name="tags" maxlength="400" autocomplete="off" placeholder="guest, season 2">
     <div class="pe-row end"><button class="pe-btn primary" value="yes">Save</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`);
  if (said?.choice !== "yes") return;
  const gender = said.gender === "Other" || (said.word && said.word !== other) ? said.word : said.gender;
  const tags = said.tags.split(",").map((one) => one.trim()).filter(Boolean);
  if (!gender && !tags.length) return;
  await act(() => tag(person.id, { gender: gender || person.gender, tags }), `${label(person)} is tagged`, again);
}

// Follows a job to its end; the file is offered where the button was pressed.
function follow(job) {
  const list = document.querySelector("#pp-made");
  const row = document.createElement("li");
  list.append(row);
  const draw = (now) => {
    const whole = Math.round(now.progress * 100);
    if (now.state === "done" && now.file)
      row.innerHTML = `${html(now.title)} <a class="pe-btn" href="${html(now.file)}" download><i class="material-icons" aria-hidden="true">download</i>Download</a>`;
    else if (["failed", "cancelled"].includes(now.state))
      row.innerHTML = `${html(now.title)} <span class="pe-chip bad">${html(now.error ? `${now.error.code}: ${now.error.message}` : now.state)}</span>`;
    else
      row.innerHTML = `${html(now.title)} <span class="pe-muted">${now.state === "waiting" ? "waits for its turn" : `${whole} %`}</span>
        <span class="pe-bar" style="width:120px"><i style="width:${whole}%"></i></span>`;
  };
  draw(job);
  const source = new EventSource(job.events);
  source.addEventListener("job", (event) => {
    const now = JSON.parse(event.data);
    draw(now);
    if (["done", "failed", "cancelled"].includes(now.state)) source.close();
  });
}

async function begin(path, body) {
  try {
    follow(await api("POST", path, body));
    toast("It is being made; you can go on meanwhile.");
  } catch (error) { complain(error); }
}

async function cut(person, together) {
  const said = await dialog(
    `<form method="dialog"><h2>${together ? "One film of" : "Clips of"} ${html(label(person))}</h2>
     <p class="pe-muted">${together ? "All appearances, one after the other." : "One file for each appearance; several come as an archive."}</p>
     <label class="pp-line">Seconds before and after each <input class="pe-field" type="number" name="handles" min="0" max="60" step="0.1" value="0.5" required></label>
     <label class="pp-line">Join those closer than (seconds) <input class="pe-field" type="number" name="gap" min="0" max="60" step="0.1" value="1" required></label>
     ${together ? `<label class="pp-line">A card with film and time before each <input type="checkbox" name="cards" value="yes"></label>` : ""}
     <div class="pe-row end"><button class="pe-btn primary" value="yes">Make</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`);
  if (said?.choice !== "yes") return;
  const asked = { person: person.id, handles: Number(said.handles), gap: Number(said.gap) };
  if (together) asked.cards = said.cards === "yes";
  await begin(together ? "/supercuts" : "/clips", asked);
}

async function exportThem(person) {
  const said = await dialog(
    `<form method="dialog"><h2>Export ${html(label(person))}</h2><p class="pe-muted">When they are on screen, as a file of another program.</p>
     <select class="pe-select" name="format" aria-label="Format" autofocus>${FORMATS.map(([one, what]) => `<option value="${one}">${what}</option>`).join("")}</select>
     <div class="pe-row end"><button class="pe-btn primary" value="yes">Export</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`);
  if (said?.choice === "yes") await begin("/exports", { format: said.format, people: [person.id] });
}

ready("#pp-person").then((place) => {
  const person = JSON.parse(place.dataset.person);
  const gone = (done) => (done && done.id !== person.id ? location.assign(`/people/${done.id}`) : again());
  const deeds = {
    name: async () => nameOf(person, await everybody().catch(() => []), gone),
    tag: () => tagThem(person),
    split: () => splitOff(person, again),
    hide: () => hideOne(person, again),
    supercut: () => cut(person, true),
    clips: () => cut(person, false),
    export: () => exportThem(person),
  };
  if (!place.querySelector(".pp-deeds")) return;
  if (!person.seconds) for (const one of ["supercut", "clips"]) place.querySelector(`[data-do=${one}]`).disabled = true;
  place.addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what) deeds[what]();
  });
  document.addEventListener("keydown", (event) => {
    if (dialogOpen() || typing(event) || event.altKey) return;
    const pressed = event.key.toLowerCase();
    if (pressed === "z") { event.preventDefault(); takeBack(again); return; }
    if (event.ctrlKey || event.metaKey) return;
    const what = { n: "name", t: "tag", s: "split", h: "hide" }[pressed];
    if (what) { event.preventDefault(); deeds[what](); }
  });
});
