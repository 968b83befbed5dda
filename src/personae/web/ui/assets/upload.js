// Adding files: a queue of uploads with progress and cancel, then the analysis of each, live.

import { api, ask, complain, dialog, html, ready, toast } from "./frame.js";

const AT_ONCE = 2;
const OVER = ["done", "failed", "cancelled", "refused"];
const rows = new Map();
let number = 0, changed = 0;

const size = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`);

class Row {
  constructor(title, file) {
    this.id = `r${++number}`;
    this.file = file;
    this.state = "queued";
    this.share = 0;
    this.element = document.createElement("li");
    this.element.innerHTML =
      `<div class="pe-grow"><div class="lb-what"><span>${html(title)}</span><span class="lb-state"></span></div>
       <div class="pe-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-label="${html(title)}"><i style="width:0"></i></div>
       <div class="lb-why"></div></div>
       <button class="pe-btn quiet" type="button" title="Cancel" aria-label="Cancel ${html(title)}"><i class="material-icons" aria-hidden="true">close</i></button>`;
    this.element.querySelector("button").onclick = () => this.cancel();
    document.querySelector("#lb-list").append(this.element);
    rows.set(this.id, this);
    this.draw();
  }

  get over() { return OVER.includes(this.state); }

  set(state, share = this.share, why = "") {
    this.state = state;
    this.share = share;
    this.why = why;
    this.draw();
  }

  draw() {
    const whole = Math.round(this.share * 100);
    const words = {
      queued: "waits", sending: `uploading ${whole} %${this.file ? ` of ${size(this.file.size)}` : ""}`,
      checking: "being looked at", waiting: "waits for its turn", running: `analysing ${whole} %`,
      done: "done", failed: "failed", cancelled: "cancelled", refused: "not taken",
    };
    this.element.classList.toggle("bad", ["failed", "refused"].includes(this.state));
    this.element.classList.toggle("good", this.state === "done");
    this.element.querySelector(".lb-state").textContent = words[this.state];
    this.element.querySelector(".lb-why").textContent = this.why || "";
    const bar = this.element.querySelector(".pe-bar");
    bar.hidden = this.over;
    bar.setAttribute("aria-valuenow", whole);
    bar.firstElementChild.style.width = `${whole}%`;
    this.element.querySelector("button").hidden = this.over;
    sum();
  }

  async cancel() {
    if (this.over) return;
    if (this.request) { this.request.abort(); return; }
    if (!this.job) { this.set("cancelled"); return; }
    try { await api("POST", `/jobs/${this.job}/cancel`); } catch (error) { complain(error); }
  }
}

function sum() {
  const all = [...rows.values()];
  document.querySelector("#lb-active").hidden = !all.length;
  const done = all.filter((row) => row.over).length;
  document.querySelector("#lb-sum").textContent = all.length ? `${done} of ${all.length} done` : "";
  document.querySelector("#lb-stop").disabled = done === all.length;
}

function send(row) {
  return new Promise((resolve) => {
    const form = new FormData();
    const collection = document.querySelector("#lb-collection").value.trim();
    if (collection) form.append("collection", collection);
    form.append("file", row.file, row.file.name);
    const request = row.request = new XMLHttpRequest();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) row.set(event.loaded < event.total ? "sending" : "checking", event.loaded / event.total);
    };
    const end = (state, why = "") => { row.request = null; row.set(state, row.share, why); resolve(); };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { told = {}; }
      if (request.status === 202 && told.jobs?.length) { row.job = told.jobs[0].id; end("waiting"); row.share = 0; }
      else end("refused", [told.detail || told.title || `the server answered ${request.status}`, told.hint].filter(Boolean).join(" "));
    };
    request.onerror = () => end("refused", "The connection broke. Add the file again.");
    request.onabort = () => end("cancelled");
    request.open("POST", "/api/v1/media");
    request.setRequestHeader("Accept", "application/json");
    row.set("sending", 0);
    request.send(form);
  });
}

let sending = 0;
async function pump() {
  while (sending < AT_ONCE) {
    const next = [...rows.values()].find((row) => row.state === "queued");
    if (!next) return;
    sending += 1;
    send(next).finally(() => { sending -= 1; pump(); });
  }
}

function add(files) {
  const wanted = files.filter((file) => file.size > 0 && !file.name.startsWith("."));
  for (const file of wanted) new Row(file.webkitRelativePath || file.name, file);
  if (files.length && !wanted.length) toast("These files are empty.", { bad: true });
  pump();
}

// Folders that are dropped are walked through; a browser gives their entries in portions.
async function dropped(items) {
  const found = [];
  const walk = async (entry) => {
    if (entry.isFile) found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return;
        for (const one of some) await walk(one);
      }
    }
  };
  for (const entry of items.map((item) => item.webkitGetAsEntry?.()).filter(Boolean)) await walk(entry);
  return found;
}

function refresh() {
  clearTimeout(changed);
  changed = setTimeout(() => window.emitEvent?.("library-changed"), 300);
}

function follow() {
  let first = true;
  const source = new EventSource("/api/v1/jobs/events");
  source.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    if (job.kind !== "index") return;
    let row = [...rows.values()].find((one) => one.job === job.id);
    if (!row && ["waiting", "running"].includes(job.state)) {
      row = new Row(job.title);
      row.job = job.id;
    }
    if (!row || row.request) return;
    const was = row.state;
    row.set(job.state, job.progress, job.error ? `${job.error.code}: ${job.error.message}. ${job.error.hint}` : job.warnings.map((w) => w.message).join(" "));
    if (row.over && was !== job.state && !first) refresh();
  });
  setTimeout(() => { first = false; }, 800);
}

async function byAddress() {
  const said = await dialog(
    `<form method="dialog"><h2>Add from the web</h2><p class="pe-muted">The address of a film, a page with one, or a playlist.
     It is fetched by this machine; nothing else leaves it.</p>
     <input class="pe-field" style="width:100%" name="address" type="url" required pattern="https?://.+" placeholder="https://" aria-label="Address" autofocus>
     <div class="pe-row end"><button class="pe-btn primary" value="yes">Add</button></div></form>`);
  if (said?.choice !== "yes") return;
  const collection = document.querySelector("#lb-collection").value.trim();
  try {
    const taken = await api("POST", "/media/by-address", { address: said.address, ...(collection ? { collection } : {}) });
    for (const job of taken.jobs)
      if (![...rows.values()].some((row) => row.job === job.id)) { const row = new Row(job.title); row.job = job.id; row.set(job.state, 0); }
  } catch (error) { complain(error); }
}

async function remove(button) {
  const sure = await ask(`Remove ${button.dataset.name}?`,
    "All that was found in it goes, and cannot be brought back but by adding it again. A file that was uploaded here is deleted; one that lies elsewhere stays where it is.",
    "Remove", { danger: true });
  if (!sure) return;
  try {
    await api("DELETE", `/media/${button.dataset.delete}`);
    toast(`${button.dataset.name} is removed`);
    refresh();
  } catch (error) { complain(error); }
}

document.addEventListener("click", async (event) => {
  const away = event.target.closest("[data-delete]"), retry = event.target.closest("[data-retry]");
  if (away) remove(away);
  if (retry) {
    try { await api("POST", `/jobs/${retry.dataset.retry}/retry`); toast("It is tried again."); refresh(); } catch (error) { complain(error); }
  }
});
document.addEventListener("input", (event) => {
  if (event.target.id !== "lb-filter") return;
  const words = event.target.value.trim().toLowerCase();
  for (const card of document.querySelectorAll(".lb-card")) card.hidden = !card.dataset.words.includes(words);
});

ready("#lb-list").then(() => {
  const place = document.querySelector("#lb-drop");
  document.querySelector("#lb-files").onchange = (event) => { add([...event.target.files]); event.target.value = ""; };
  document.querySelector("#lb-folder").onchange = (event) => { add([...event.target.files]); event.target.value = ""; };
  document.querySelector("#lb-address").onclick = byAddress;
  document.querySelector("#lb-stop").onclick = () => { for (const row of rows.values()) row.cancel(); };
  document.querySelector("#lb-tidy").onclick = () => {
    for (const row of [...rows.values()]) if (row.over) { row.element.remove(); rows.delete(row.id); }
    sum();
  };
  // Anywhere on the page will do; a file that missed the box would otherwise replace the page
  let depth = 0;
  addEventListener("dragenter", () => { depth += 1; place.classList.add("over"); });
  addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) place.classList.remove("over"); });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    place.classList.remove("over");
    add(await dropped([...event.dataTransfer.items]).catch((error) => { complain(error); return []; }));
  });
  addEventListener("beforeunload", (event) => {
    if ([...rows.values()].some((row) => row.request || row.state === "queued")) event.preventDefault();
  });
  follow();
});
