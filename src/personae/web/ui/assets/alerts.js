// The rules of alerts: read in words, made and changed in a form; and what was told by them.

import { api, ask, complain, dialog, html, ready, toast } from "./frame.js";
import { bell, heard } from "./notify.js";

const DAYS = [["mon", "Mon"], ["tue", "Tue"], ["wed", "Wed"], ["thu", "Thu"], ["fri", "Fri"], ["sat", "Sat"], ["sun", "Sun"]];
const WHEN = [
  ["known", "Somebody known is seen"], ["unknown", "Somebody unknown is seen"], ["person:", "A certain person is seen"],
  ["tag:", "Somebody on a list is seen"], ["crowd>", "More people than … are there"],
  ["spoof", "A face may be only a picture"], ["dark", "A camera goes dark"],
];
const RESTS = [[0, "none"], [60, "a minute"], [300, "5 minutes"], [900, "15 minutes"], [3600, "an hour"], [21600, "6 hours"], [86400, "a day"]];
const KINDS = { log: "the program's log", browser: "open pages, as a notification", webhook: "webhook", mqtt: "MQTT" };
const NEW = { name: "", on: "unknown", actions: ["browser"], cameras: [], hours: "00:00-24:00", days: DAYS.map(([key]) => key),
  cool_down: 300, min_confidence: 0, live: false, snapshot: false, off: false, origin: "page" };
const ORIGINS = { file: ["in alerts.toml", "Written by hand; it can be changed here without touching the file"],
  changed: ["changed here", "alerts.toml says otherwise; what is said here counts"] };
const KEYS = ["on", "actions", "cameras", "hours", "days", "cool_down", "min_confidence", "live", "snapshot", "off"];

const address = (name) => `/alerts/${encodeURIComponent(name)}`;
const when = (ms) => new Date(ms).toLocaleString([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

class Rules {
  constructor(place) {
    this.place = place;
    this.may = place.dataset.may === "yes";
    const add = document.querySelector("#pa-new");
    add.hidden = !this.may;
    add.onclick = () => this.edit(null);
    place.addEventListener("click", (event) => {
      const verb = event.target.closest("[data-do]")?.dataset.do;
      if (verb) this.act(verb, this.told.rules[event.target.closest(".pa-rule").dataset.at]);
    });
  }

  async load() {
    this.told = await api("GET", "/alerts");
    const { rules, running, problem, timezone } = this.told;
    const takes = running ? "A watch runs and takes changes within seconds." : "No watch runs; the rules hold when one begins.";
    document.querySelector("#pa-said").textContent = `${takes} Hours are by the clock of ${timezone}.`;
    const over = document.querySelector("#pa-problem");
    over.hidden = !problem;
    over.textContent = problem && `The rules are not in force as they stand: ${problem}`;
    this.place.innerHTML = rules.map((rule, at) => this.rule(rule, at)).join("") || `<div class="pe-empty">
      <i class="material-icons" aria-hidden="true">notifications_none</i><h2>Nobody is told anything yet</h2>
      <p>A rule says when to tell whom: somebody unknown at the door at night, a camera that goes dark, Ana coming home.</p></div>`;
  }

  rule(rule, at) {
    const [chip, title] = ORIGINS[rule.origin] || [];
    const verbs = this.may ? `<button class="pe-btn" type="button" data-do="edit">Change</button>${
      rule.origin === "page" ? '<button class="pe-btn danger" type="button" data-do="delete">Delete</button>' : ""}${
      rule.origin === "changed" ? '<button class="pe-btn" type="button" data-do="back">As in alerts.toml</button>' : ""}` : "";
    return `<article class="pe-panel pa-rule" data-at="${at}" ${rule.off ? "data-off" : ""}><div class="pe-row">
      <input class="pa-switch" type="checkbox" role="switch" data-do="switch" ${rule.off ? "" : "checked"} ${this.may ? "" : "disabled"}
       aria-label="${html(rule.name)} is ${rule.off ? "off" : "on"}"><h2>${html(rule.name)}</h2>
      ${chip ? `<span class="pe-chip" title="${title}">${chip}</span>` : ""}<span class="pe-grow"></span>${verbs}</div>
      <p>${html(rule.words)}</p>${rule.problem ? `<p class="pa-why">${html(rule.problem)}</p>` : ""}</article>`;
  }

  put(rule) {
    return api("PUT", address(rule.name), Object.fromEntries(KEYS.map((key) => [key, rule[key]])));
  }

  async act(verb, rule) {
    if (verb === "edit") { await this.edit(rule); return; }
    try {
      if (verb === "switch") await this.put({ ...rule, off: !rule.off });
      else if (verb === "back") await api("DELETE", address(rule.name));
      else if (await ask(`Delete “${rule.name}”?`, rule.words, "Delete the rule", { danger: true })) await api("DELETE", address(rule.name));
    } catch (error) { complain(error); }
    await this.load().catch(complain);
  }

  async edit(rule) {
    const people = await api("GET", "/people?limit=500").catch(() => ({ items: [] }));
    const names = people.items.map((one) => one.name).filter(Boolean);
    await dialog(form(rule || NEW, this.told, names, !rule), { wide: true, onOpen: (box) => this.wire(box, rule || NEW) });
    await this.load().catch(complain);
  }

  wire(box, before) {
    const form = box.querySelector("form");
    const show = () => {
      const what = form.what.value, person = ["known", "person:", "tag:"].includes(what);
      for (const [key, on] of [["who", what === "person:"], ["list", what === "tag:"], ["crowd", what === "crowd>"],
        ["sure", person], ["live", person || what === "unknown"], ["hours", form.some.value === "some"]])
        for (const one of form.querySelectorAll(`[data-for="${key}"]`)) one.hidden = !on;
    };
    form.addEventListener("change", show);
    show();
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.value !== "yes") return;
      event.preventDefault();
      try {
        const wanted = ruleOf(form, before);
        if (!before.name && this.told.rules.some((one) => one.name === wanted.name)) throw new Error("There is a rule of this name already");
        const made = await this.put(wanted);
        toast(`${made.name} is ${made.off ? "kept, and off" : "in force"}`);
        box.close("done");
      } catch (error) {
        const wrong = form.querySelector(".pa-wrong");
        wrong.textContent = error.hint ? `${error.message}. ${error.hint}` : error.message;
        wrong.hidden = false;
      }
    });
  }
}

const ticked = (form, name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((one) => one.value);

function ruleOf(form, before) {
  const what = form.what.value;
  const rest = { "person:": form.who.value.trim(), "tag:": form.list?.value || "", "crowd>": form.crowd.value }[what] ?? "";
  const person = ["known", "person:", "tag:"].includes(what), end = form.until.value;
  const always = form.some.value !== "some";
  return {
    name: before.name || form.called.value.trim(), on: what + rest, actions: ticked(form, "actions"), cameras: ticked(form, "cameras"),
    hours: always ? "00:00-24:00" : `${form.from.value}-${end === "00:00" ? "24:00" : end}`,
    days: always ? NEW.days : ticked(form, "days"), cool_down: Number(form.rest.value), off: before.off,
    min_confidence: person ? Number(form.sure.value) / 100 : 0, live: (person || what === "unknown") && form.live.checked,
    snapshot: form.snapshot.checked,
  };
}

function form(rule, told, names, fresh) {
  const at = WHEN.map(([key]) => key).find((key) => (/[:>]$/.test(key) ? rule.on.startsWith(key) : rule.on === key));
  const rest = rule.on.slice(at.length), [from, until] = rule.hours.split("-");
  const always = rule.hours === "00:00-24:00" && rule.days.length === 7;
  const tick = (name, value, words, on) => `<label><input type="checkbox" name="${name}" value="${html(value)}" ${on ? "checked" : ""}>${html(words)}</label>`;
  const cameras = [...new Set([...told.cameras, ...rule.cameras])];
  const rests = RESTS.some(([s]) => s === rule.cool_down) ? RESTS : [...RESTS, [rule.cool_down, `${rule.cool_down} seconds`]];
  const option = (value, words, on) => `<option value="${html(value)}" ${on ? "selected" : ""}>${html(words)}</option>`;
  return `<form method="dialog"><h2>${fresh ? "New rule" : html(rule.name)}</h2><div class="pa-form">
    ${fresh ? '<label for="pa-name">Name</label><input class="pe-field" id="pa-name" name="called" maxlength="80" required autocomplete="off" placeholder="stranger at night">' : ""}
    <label for="pa-what">When</label><select class="pe-select" id="pa-what" name="what">${WHEN.map(([key, words]) => option(key, words, key === at)).join("")}</select>
    <label for="pa-who" data-for="who">Who</label><span data-for="who"><input class="pe-field" id="pa-who" name="who" list="pa-names" autocomplete="off" value="${at === "person:" ? html(rest) : ""}">
     <datalist id="pa-names">${names.map((name) => option(name, name, false)).join("")}</datalist></span>
    <label for="pa-list-of" data-for="list">List</label><span data-for="list">${told.lists.length
      ? `<select class="pe-select" id="pa-list-of" name="list">${told.lists.map((one) => option(one.name, `${one.name}: ${one.people.join(", ")}`, one.name === rest)).join("")}</select>`
      : 'There is none yet; write one into <code>alerts.toml</code>: <code>[lists]</code>'}</span>
    <label for="pa-crowd" data-for="crowd">More than</label><span data-for="crowd"><input class="pe-field short" id="pa-crowd" name="crowd" type="number" min="0" max="999999" value="${at === "crowd>" ? html(rest) : 5}"> people</span>
    <span class="pa-label">Cameras</span><div class="pa-choices" role="group" aria-label="Cameras">${cameras.map((one) => tick("cameras", one, one, rule.cameras.includes(one))).join("")}
     <span class="pe-muted pe-small">none means all</span></div>
    <span class="pa-label">Hours</span><div class="pa-choices"><label><input type="radio" name="some" value="always" ${always ? "checked" : ""}>always</label>
     <label><input type="radio" name="some" value="some" ${always ? "" : "checked"}>only at some</label></div>
    <span class="pa-label" data-for="hours">From, to</span><div class="pa-choices" data-for="hours"><input class="pe-field short" type="time" name="from" value="${from}" aria-label="From" required>
     <input class="pe-field short" type="time" name="until" value="${until === "24:00" ? "00:00" : until}" aria-label="To" required></div>
    <span class="pa-label" data-for="hours">Beginning on</span><div class="pa-choices" data-for="hours" role="group" aria-label="Days">${DAYS.map(([key, words]) => tick("days", key, words, rule.days.includes(key))).join("")}</div>
    <label for="pa-sure" data-for="sure">At least</label><span data-for="sure"><input class="pe-field short" id="pa-sure" name="sure" type="number" min="0" max="100" step="any" value="${+(100 * rule.min_confidence).toFixed(4)}"> % sure of the name</span>
    <span class="pa-label" data-for="live">Alive</span><div class="pa-choices" data-for="live"><label><input type="checkbox" name="live" ${rule.live ? "checked" : ""}>only a face that was seen to be alive</label></div>
    <span class="pa-label">Tell</span><div class="pa-choices" role="group" aria-label="Who is told">${told.actions.map((one) =>
      tick("actions", one.name, KINDS[one.name] && one.name === one.kind ? KINDS[one.name] : `${one.name} (${KINDS[one.kind] || one.kind})`, rule.actions.includes(one.name))).join("")}</div>
    <span class="pa-label">Picture</span><div class="pa-choices"><label><input type="checkbox" name="snapshot" ${rule.snapshot ? "checked" : ""}>the newest picture goes with it</label></div>
    <label for="pa-rest">Rest afterwards</label><select class="pe-select" id="pa-rest" name="rest">${rests.map(([s, words]) => option(s, words, s === rule.cool_down)).join("")}</select>
    </div><p class="pa-wrong" role="alert" hidden></p>
    <div class="pe-row end"><button class="pe-btn primary" value="yes">${fresh ? "Make the rule" : "Save"}</button>
    <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`;
}

class Told {
  constructor(place) {
    this.place = place;
    this.list = place.querySelector("ol");
    this.older = place.querySelector("button");
    this.older.onclick = () => this.fetch().catch(complain);
  }

  async fetch() {
    const page = await api("GET", `/live/alerts?limit=20${this.next ? `&cursor=${encodeURIComponent(this.next)}` : ""}`);
    for (const one of page.items) this.list.append(this.row(one));
    this.next = page.next;
    this.older.hidden = !page.next;
    this.place.hidden = !this.list.children.length;
  }

  row(one) {
    const row = document.createElement("li");
    row.innerHTML = `<time>${html(when(one.at))}</time><i class="material-icons" aria-hidden="true">notifications</i>
      <span>${html(one.words)} <small class="pe-muted">${html(one.rule)}</small></span><span class="pe-chip">${html(one.actions.map((name) => (name === "browser" ? "open pages" : name)).join(", "))}</span>`;
    return row;
  }

  add(one) {
    this.list.prepend(this.row(one));
    this.place.hidden = false;
  }
}

Promise.all([ready("#pa-list"), ready("#pa-past")]).then(([place, past]) => {
  const rules = new Rules(place), told = new Told(past);
  rules.load().catch(complain);
  told.fetch().catch(complain);
  bell(document.querySelector("#pc-notify"));
  const source = new EventSource("/api/v1/live/events");
  source.addEventListener("alert", (event) => {
    const one = JSON.parse(event.data);
    told.add(one);
    heard(one);
  });
  addEventListener("pagehide", () => source.close());
});
