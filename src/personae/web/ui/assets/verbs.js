// What can be done to people, as calls of the API and as dialogs; pages and keys both use these.

import { api, complain, dialog, html, toast } from "./frame.js";

export const label = (person) => person.name || `Person ${person.id}`;
export const face = (person, size = 96) =>
  `<img class="pp-face" src="/api/v1/people/${person.id}/crop?n=${person.sightings}" width="${size}" height="${size}"
   alt="${html(label(person))}" loading="lazy">`;

const pageOf = (limit, cursor) =>
  api("GET", `/people?hidden=true&limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);

// A screenful, asked for before the page is put together, so that it is there when the page is.
export const firstPeople = () => {
  const asked = pageOf(60);
  asked.catch(() => {});
  return asked;
};

export async function everybody(onPage = () => {}, first = null) {
  const found = [];
  let page = await (first || pageOf(500));
  for (;;) {
    found.push(...page.items);
    onPage(page.items);
    if (!page.next) return found;
    // The first screen's pictures go before the people below it
    if (first && found.length === page.items.length) await new Promise((go) => setTimeout(go, 400));
    page = await pageOf(500, page.next);
  }
}

export const show = (id) => api("GET", `/people/${id}`);
export const name = (id, text) => api("POST", `/people/${id}/name`, { name: text });
export const tag = (id, values) => api("POST", `/people/${id}/tag`, values);
export const merge = (id, others) => api("POST", `/people/${id}/merge`, { others });
export const split = (id, sightings, called) =>
  api("POST", `/people/${id}/split`, { sightings, ...(called ? { name: called } : {}) });
export const notSame = (id, other) => api("POST", `/people/${id}/not-same`, { other });
export const hide = (id, hidden = true) => api("POST", `/people/${id}/hide`, { hidden });
export const undo = () => api("POST", "/people/undo");

export async function facesOf(id) {
  const found = [];
  let cursor = "";
  do {
    const page = await api("GET", `/sightings?person=${id}&kind=face&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return found;
}

// What was said just before the page is shown anew is said there again, with its way back.
let said = null;
addEventListener("pagehide", () => {
  if (said && Date.now() - said.at < 2000) sessionStorage.setItem("pe-said", said.message);
});
const before = sessionStorage.getItem("pe-said");
sessionStorage.removeItem("pe-said");
if (before) toast(before, { action: "Undo", onAction: () => takeBack(() => location.reload()) });

// Does it, says so with a way back, and tells the page; nothing is said twice when it fails.
export async function act(work, message, after) {
  try {
    const result = await work();
    said = { message, at: Date.now() };
    toast(message, { action: "Undo", onAction: () => takeBack(after) });
    await after(result);
    return result;
  } catch (error) {
    complain(error);
    return null;
  }
}

export async function takeBack(after) {
  try {
    const done = await undo();
    said = null;
    toast(`Undone: ${done.summary || done.verb || "the last change"}`);
    await after(null);
  } catch (error) {
    complain(error);
  }
}

const key = (text) => text.normalize("NFKC").trim().replace(/\s+/g, " ").toLocaleLowerCase();

// Asks for a name, completing those that exist; {name} or {same: person} or null.
export async function askName(person, people, { title = `Who is ${label(person)}?` } = {}) {
  const named = people.filter((p) => p.name && p.id !== person.id);
  let same = null;
  const said = await dialog(
    `<form method="dialog"><h2>${html(title)}</h2><div class="pp-naming">${face(person, 112)}
     <div class="pe-grow"><label class="pe-small pe-muted" for="pp-name">Name</label>
     <input class="pe-field" id="pp-name" name="name" autocomplete="off" maxlength="200" required
       role="combobox" aria-expanded="false" aria-controls="pp-names" value="${html(person.name || "")}">
     <ul id="pp-names" role="listbox" aria-label="Known names"></ul></div></div>
     <div class="pe-row end"><button class="pe-btn primary" value="yes" data-yes>Save name</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`,
    { onOpen: (box) => { completion(box, named, (found) => { same = found; }); } });
  if (said?.choice !== "yes" || !said.name.trim()) return null;
  return same ? { same } : { name: said.name };
}

function completion(box, named, choose) {
  const input = box.querySelector("#pp-name"), list = box.querySelector("#pp-names");
  const yes = box.querySelector("[data-yes]");
  let shown = [], at = -1;
  const settle = () => {
    const same = named.find((p) => key(p.name) === key(input.value)) || null;
    yes.textContent = same ? `Same person as ${same.name}: merge` : "Save name";
    choose(same);
  };
  const draw = () => {
    list.innerHTML = shown.map((p, i) =>
      `<li role="option" id="pp-o${i}" aria-selected="${i === at}" data-i="${i}">${face(p, 32)}<span>${html(p.name)}</span></li>`).join("");
    input.setAttribute("aria-expanded", String(shown.length > 0));
    if (at >= 0) input.setAttribute("aria-activedescendant", `pp-o${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const look = () => {
    const text = key(input.value);
    const starts = (p) => key(p.name).split(" ").some((word) => word.startsWith(text)) || key(p.name).startsWith(text);
    shown = text ? named.filter(starts).slice(0, 6) : [];
    at = -1;
    draw();
    settle();
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && shown.length) {
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length;
      input.value = shown[at].name;
      draw();
      settle();
      event.preventDefault();
    }
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    event.preventDefault();
    input.value = shown[Number(item.dataset.i)].name;
    settle();
    yes.focus();
  });
  input.focus();
  input.select();
}

// Names a person, or merges them into whoever has that name already.
export async function nameOf(person, people, after) {
  const said = await askName(person, people);
  if (!said) return null;
  if (said.same) return act(() => merge(said.same.id, [person.id]), `${label(person)} is ${said.same.name}`, after);
  return act(() => name(person.id, said.name), `${label(person)} is called ${said.name}`, after);
}

// Which of several people stays, then makes them one.
export async function mergeThem(people, after) {
  const best = people.find((p) => p.name) || [...people].sort((a, b) => b.seconds - a.seconds)[0];
  const said = await dialog(
    `<form method="dialog"><h2>Are these ${people.length} people one person?</h2>
     <p class="pe-muted">The chosen name stays; all faces and tags are kept. You can undo this.</p>
     <div class="pp-choices">${people.map((p) =>
       `<label><input type="radio" name="keep" value="${p.id}" ${p === best ? "checked" : ""}>${face(p, 96)}
        <span>${html(label(p))}</span></label>`).join("")}</div>
     <div class="pe-row end"><button class="pe-btn primary" value="yes" autofocus data-yes>Merge</button>
     <button class="pe-btn" value="">Cancel</button></div></form>`);
  if (said?.choice !== "yes") return null;
  const keeper = people.find((p) => p.id === Number(said.keep));
  const others = people.filter((p) => p !== keeper);
  return act(() => merge(keeper.id, others.map((p) => p.id)),
    `${others.map(label).join(", ")} merged into ${label(keeper)}`, after);
}

export const partThem = (a, b, after) =>
  act(() => notSame(a.id, b.id), `${label(a)} and ${label(b)} are two people, from now on`, after);

export async function tagWith(person, gender, after) {
  let chosen = gender;
  if (chosen === null) {
    const said = await dialog(
      `<form method="dialog"><h2>Gender of ${html(label(person))}</h2>
       <p class="pe-muted">As you say it is; nothing here is guessed from a face.</p>
       <input class="pe-field" name="gender" maxlength="60" autofocus autocomplete="off" aria-label="Gender"
        value="${html(["Female", "Male", "Unknown"].includes(person.gender) ? "" : person.gender)}">
       <div class="pe-row end"><button class="pe-btn primary" value="yes">Set</button>
       <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`);
    if (said?.choice !== "yes" || !said.gender.trim()) return null;
    chosen = said.gender;
  }
  return act(() => tag(person.id, { gender: chosen }), `${label(person)}: ${chosen}`, after);
}

export async function hideOne(person, after) {
  const hidden = person.kind !== "hidden";
  return act(() => hide(person.id, hidden),
    `${label(person)} ${hidden ? "is left out of lists and reports" : "is shown again"}`, after);
}

// Shows all faces of a person; the chosen ones become somebody else.
export async function splitOff(person, after) {
  let faces;
  try { faces = await facesOf(person.id); } catch (error) { complain(error); return null; }
  if (faces.length < 2) {
    toast(`${label(person)} has a single face; there is nothing to split off.`);
    return null;
  }
  const chosen = new Set();
  const said = await dialog(
    `<form method="dialog"><h2>Which faces are not ${html(label(person))}?</h2>
     <p class="pe-muted">Choose the wrong ones with a click, or with the arrow keys and Space. They become a person of their own.</p>
     <div class="pp-faces" role="group" aria-label="Faces">${faces.map((one) =>
       `<button type="button" class="pp-pick" data-id="${one.id}" aria-pressed="false">
        <img src="/api/v1/sightings/${one.id}/crop" width="84" height="84" loading="lazy" alt="Face ${one.id}"></button>`).join("")}</div>
     <div class="pe-row" style="margin-top:14px"><input class="pe-field pe-grow" name="name" maxlength="200"
       placeholder="Their name, if you know it" aria-label="Name of the new person" autocomplete="off"></div>
     <div class="pe-row end"><button class="pe-btn primary" value="yes" data-yes disabled>Split off</button>
     <button class="pe-btn" value="" formnovalidate>Cancel</button></div></form>`,
    { wide: true, onOpen: (box) => picking(box, chosen, faces.length) });
  if (said?.choice !== "yes" || !chosen.size) return null;
  const count = chosen.size === 1 ? "1 face" : `${chosen.size} faces`;
  return act(() => split(person.id, [...chosen], said.name.trim()), `${count} split off ${label(person)}`, after);
}

function picking(box, chosen, total) {
  const grid = box.querySelector(".pp-faces"), yes = box.querySelector("[data-yes]");
  const all = [...grid.children];
  const flip = (button) => {
    const id = Number(button.dataset.id), on = !chosen.has(id);
    if (on) chosen.add(id);
    else chosen.delete(id);
    button.setAttribute("aria-pressed", String(on));
    yes.disabled = !chosen.size || chosen.size === total;
    yes.textContent = chosen.size === total ? "One must stay" : `Split off ${chosen.size || ""}`.trim();
  };
  grid.addEventListener("click", (event) => {
    const button = event.target.closest(".pp-pick");
    if (button) flip(button);
  });
  grid.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step) {
      all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
      event.preventDefault();
    }
    if (event.key === "Enter" && !yes.disabled) { yes.click(); event.preventDefault(); }
  });
  all[0].focus();
}

