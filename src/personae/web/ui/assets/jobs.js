// Work in the background, told by the server as it goes: progress, cancel, try again.

import { api, ask, complain, html, ready } from "./frame.js";

const KINDS = {
  index: ["manage_search", "Find the people in"], clips: ["movie", "Clips:"], supercut: ["auto_awesome_motion", "Supercut:"],
  export: ["ios_share", "Export:"], playable: ["play_circle", "Copy for browsers:"],
};
const STATES = {
  waiting: ["waiting", ""], running: ["running", "accent"], done: ["done", "good"],
  failed: ["failed", "bad"], cancelled: ["cancelled", "warn"],
};
const when = (ms) => new Date(ms).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

class Jobs {
  constructor(place) {
    this.place = place;
    this.may = place.dataset.may === "yes";
    this.rows = new Map();
    this.nothing = document.querySelector("#pj-none");
    const source = new EventSource("/api/v1/jobs/events");
    source.addEventListener("job", (event) => this.put(JSON.parse(event.data)));
    addEventListener("pagehide", () => source.close());
  }

  put(job) {
    let row = this.rows.get(job.id);
    if (!row) {
      row = document.createElement("article");
      row.className = "pe-panel pj-job";
      row.dataset.id = job.id;
      row.addEventListener("click", (event) => this.act(event, row));
      this.rows.set(job.id, row);
      const after = [...this.place.children].find((one) => Number(one.dataset.at) < job.created_at);
      this.place.insertBefore(row, after || null);
    }
    row.dataset.at = job.created_at;
    row.dataset.state = job.state;
    this.nothing.hidden = true;
    const [icon, what] = KINDS[job.kind], [state, tone] = STATES[job.state];
    const busy = job.state === "running" || job.state === "waiting";
    const bar = busy ? `<div class="pe-bar" role="progressbar" aria-valuenow="${Math.round(100 * job.progress)}"
      aria-valuemin="0" aria-valuemax="100"><i style="width:${(100 * job.progress).toFixed(1)}%"></i></div>` : "";
    const told = job.state === "running" ? `${Math.round(100 * job.progress)} %` : state;
    const why = [job.error, ...job.warnings].filter(Boolean).map((one) =>
      `<p class="pj-why">${html(one.message)}. <span class="pe-muted">${html(one.hint)} (${html(one.code)})</span></p>`).join("");
    const links = [
      ...job.media.slice(0, 3).map((one) => `<a class="pe-btn" href="/video/${one}">Open</a>`),
      job.file ? `<a class="pe-btn" href="${html(job.file)}" download>Download</a>` : "",
      this.may && busy ? '<button class="pe-btn" type="button" data-do="cancel">Cancel</button>' : "",
      this.may && (job.state === "failed" || job.state === "cancelled")
        ? '<button class="pe-btn" type="button" data-do="retry">Try again</button>' : "",
    ].join("");
    row.innerHTML = `<div class="pe-row"><i class="material-icons pe-muted" aria-hidden="true">${icon}</i>
      <div class="pe-grow"><b>${what} ${html(job.title)}</b><div class="pe-muted pe-small">${when(job.created_at)}${
        job.by ? ` · ${html(job.by)}` : ""}</div></div><span class="pe-chip ${tone}">${told}</span>${links}</div>${bar}${why}`;
  }

  async act(event, row) {
    const verb = event.target.closest("[data-do]")?.dataset.do;
    if (!verb) return;
    const sure = verb === "retry"
      || await ask("Cancel this work?", "What is done stays; it can be tried again later.", "Cancel the work", { danger: true });
    if (!sure) return;
    try { this.put(await api("POST", `/jobs/${row.dataset.id}/${verb}`)); }
    catch (error) { complain(error); }
  }
}

ready("#pj-list").then((place) => new Jobs(place));
