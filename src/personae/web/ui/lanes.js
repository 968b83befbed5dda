// Presence: one lane a person over the time of one film. Click goes there, drag zooms.

export default {
  template: `
    <div class="pv-lanes" tabindex="0" role="group" :aria-label="'Who is there when: ' + title"
         @keydown="key">
      <div class="pv-lanes-head">
        <div class="pv-small">{{ hint }}</div>
        <div class="pv-zoom">
          <button type="button" @click="zoom(0.5)" title="Closer (+)" aria-label="Closer">+</button>
          <button type="button" @click="zoom(2)" title="Wider (−)" aria-label="Wider">−</button>
          <button type="button" @click="whole" :disabled="!zoomed" title="Whole film (0)">whole</button>
        </div>
      </div>
      <div class="pv-axis pv-grid"><span></span><div class="pv-track">
        <span v-for="one in marks" :key="one.at" class="pv-tick" :style="{left: one.left + '%'}">{{ one.text }}</span>
      </div></div>
      <div v-for="lane in lanes" :key="lane.person" class="pv-grid pv-lane" :data-person="lane.person">
        <a class="pv-label" :href="'/people/' + lane.person" :title="lane.label">
          <img :src="'/api/v1/people/' + lane.person + '/crop'" alt="" loading="lazy">
          <span>{{ lane.label }}</span><small>{{ told(lane.seconds) }}</small></a>
        <div class="pv-track" @pointerdown="down" @pointermove="move" @pointerup="up"
             @pointercancel="drag = null" @wheel="wheel" @dblclick="whole">
          <div v-for="one in visible(lane.intervals)" :key="'i' + one.start" class="pv-bar pv-pale"
               :style="place(one, lane.colour)" :title="lane.label + '  ' + span(one)"></div>
          <div v-for="one in visible(lane.seen)" :key="'s' + one.start" class="pv-bar"
               :style="place(one, lane.colour)" :title="lane.label + '  ' + span(one)"></div>
        </div>
      </div>
      <div class="pv-grid pv-over"><span></span><div class="pv-track" ref="over">
        <div class="pv-head" ref="head"></div>
        <div v-if="drag && drag.moved" class="pv-drag" :style="dragged"></div>
      </div></div>
    </div>`,
  props: { media: Number, title: String, seconds: Number, lanes: Array, link: Boolean },
  data() { return { from: 0, to: this.seconds || 1, drag: null }; },
  computed: {
    zoomed() { return this.to - this.from < this.seconds - 1e-6; },
    hint() {
      return (this.link ? "Click plays that moment" : "Click goes there")
        + ", drag zooms, Ctrl and the wheel too. Solid: the face is seen; pale: known by the body.";
    },
    marks() {
      const wide = this.to - this.from;
      const step = STEPS.find((one) => wide / one <= 8) || wide / 8;
      const found = [];
      for (let at = Math.ceil(this.from / step - 1e-9) * step; at <= this.to + 1e-9; at += step)
        found.push({ at, left: (100 * (at - this.from)) / wide, text: stamp(at, step < 1 ? 1 : 0) });
      return found;
    },
    dragged() {
      const [a, b] = [this.drag.start, this.drag.now].sort((x, y) => x - y);
      return this.place({ start: a, end: b }, null);
    },
  },
  mounted() {
    this.onTime = (event) => { if (event.detail.media === this.media) this.head(event.detail.seconds); };
    window.addEventListener("personae-time", this.onTime);
  },
  unmounted() { window.removeEventListener("personae-time", this.onTime); },
  updated() { if (this.at !== undefined) this.head(this.at); },
  methods: {
    told: (seconds) => (seconds < 60 ? seconds.toFixed(1) + " s" : stamp(seconds, 0)),
    span: (one) => `${stamp(one.start, 2)} – ${stamp(one.end, 2)}`,
    visible(spans) {
      return spans
        .map(([start, end]) => ({ start, end }))
        .filter((one) => one.end > this.from && one.start < this.to);
    },
    place(one, colour) {
      const wide = this.to - this.from;
      const left = Math.max(0, (one.start - this.from) / wide);
      const right = Math.min(1, (one.end - this.from) / wide);
      return { left: 100 * left + "%", width: 100 * (right - left) + "%", background: colour };
    },
    head(seconds) {
      this.at = seconds;
      const head = this.$refs.head;
      if (!head) return;
      const part = (seconds - this.from) / (this.to - this.from);
      head.style.display = part >= 0 && part <= 1 ? "block" : "none";
      head.style.left = 100 * part + "%";
    },
    moment(event) {
      const box = this.$refs.over.getBoundingClientRect();
      const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
      return this.from + part * (this.to - this.from);
    },
    down(event) {
      if (event.button) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const start = this.moment(event);
      this.drag = { x: event.clientX, start, now: start, moved: false };
    },
    move(event) {
      if (!this.drag) return;
      this.drag.now = this.moment(event);
      if (Math.abs(event.clientX - this.drag.x) > 6) this.drag.moved = true;
    },
    up(event) {
      const drag = this.drag;
      this.drag = null;
      if (!drag) return;
      if (!drag.moved) return this.go(this.moment(event));
      this.show(Math.min(drag.start, drag.now), Math.max(drag.start, drag.now));
    },
    go(seconds) {
      if (this.link) window.location.assign(`/video/${this.media}?t=${seconds.toFixed(3)}`);
      else window.dispatchEvent(new CustomEvent("personae-seek", { detail: { media: this.media, seconds } }));
    },
    show(from, to) {
      const wide = Math.min(this.seconds, Math.max(to - from, 0.2));
      this.from = Math.max(0, Math.min(from, this.seconds - wide));
      this.to = this.from + wide;
    },
    zoom(factor, around) {
      const inside = this.at !== undefined && this.at >= this.from && this.at <= this.to;
      const middle = around ?? (inside ? this.at : (this.from + this.to) / 2);
      const part = (middle - this.from) / (this.to - this.from);
      const wide = (this.to - this.from) * factor;
      this.show(middle - part * wide, middle + (1 - part) * wide);
    },
    pan(part) {
      const step = part * (this.to - this.from);
      this.show(this.from + step, this.to + step);
    },
    whole() { this.show(0, this.seconds); },
    wheel(event) {
      if (event.ctrlKey || event.metaKey) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.moment(event));
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(event.deltaX / 800);
      else if (event.shiftKey) this.pan(event.deltaY / 800);
      else return;
      event.preventDefault();
    },
    key(event) {
      const acts = {
        "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
        0: () => this.whole(), ArrowLeft: () => this.pan(-0.25), ArrowRight: () => this.pan(0.25),
      };
      if (!(event.key in acts) || event.ctrlKey || event.metaKey) return;
      acts[event.key]();
      event.preventDefault();
      event.stopPropagation();
    },
  },
};

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

function stamp(seconds, digits) {
  const two = (number) => String(number).padStart(2, "0");
  const parts = 10 ** digits, whole = Math.round(seconds * parts);
  const full = Math.floor(whole / parts), minutes = Math.floor(full / 60);
  const head = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : `${minutes}`;
  const tail = digits ? "." + String(whole % parts).padStart(digits, "0") : "";
  return `${head}:${two(full % 60)}${tail}`;
}
