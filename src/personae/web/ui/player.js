// A film or photo with names over it, drawn for the very frame that is shown.
//
// Tells the page where it is by the window's event "personae-time", and goes where
// "personae-seek" says; lanes.js is the other end of both.

const PART_S = 20; // boxes are fetched in parts of so many seconds
const HOLD_S = 0.12; // a box stays this long before its first and after its last moment
const BREAK_S = 1.0; // no box is drawn between two moments that lie further apart

export default {
  template: `
    <div class="pv-stage">
      <div class="pv-picture" ref="box" :style="{aspectRatio: width + ' / ' + height}">
        <video v-if="kind === 'film'" ref="film" :src="file" controls playsinline preload="auto"
               controlslist="nofullscreen nodownload noremoteplayback" disablepictureinpicture
               @loadedmetadata="arrive" @error="other" @play="loop" @seeked="loop"
               @timeupdate="told"></video>
        <img v-else ref="photo" :src="file" :alt="title" @load="draw(0)" @error="broken = true">
        <canvas ref="canvas" aria-hidden="true"></canvas>
        <div v-if="broken" class="pv-broken">
          <div>{{ said || (kind === 'film' ? 'This browser cannot play the film.'
                                           : 'The picture cannot be shown.') }}</div>
          <div v-if="made !== null" class="pe-bar pv-made"><i :style="{width: 100 * made + '%'}"></i></div>
          <div class="pv-small">What was found in it is listed here all the same.</div>
          <slot></slot>
        </div>
      </div>
      <aside class="pv-now" aria-live="off">
        <div class="pv-now-head">{{ kind === 'film' ? 'On screen now' : 'In this picture' }}
          <span v-if="kind === 'film'" class="pv-clock">{{ clock }}</span></div>
        <a v-for="one in here" :key="one.id" class="pv-who" :href="'/people/' + one.id"
           :style="{borderLeftColor: one.colour}">
          <img :src="'/api/v1/people/' + one.id + '/crop'" :alt="''" loading="lazy">
          <span><b>{{ one.label }}</b>
            <small v-if="one.span">{{ one.span }}</small></span>
        </a>
        <div v-if="!here.length" class="pv-small">Nobody who was recognised.</div>
        <div class="pv-spacer"></div>
        <label class="pv-check"><input type="checkbox" v-model="names"> Names and boxes</label>
        <label class="pv-check"><input type="checkbox" v-model="bodies"> Bodies too</label>
        <button type="button" class="pe-btn" @click="wide"><i class="material-icons"
          aria-hidden="true">fullscreen</i>Full screen</button>
        <div v-if="kind === 'film'" class="pv-small pv-keys">
          <kbd>Space</kbd> play · <kbd>←</kbd> <kbd>→</kbd> 1 s, with <kbd>Shift</kbd> 10 s ·
          <kbd>,</kbd> <kbd>.</kbd> one frame · <kbd>B</kbd> boxes · <kbd>F</kbd> full screen
        </div>
      </aside>
    </div>`,
  props: {
    media: Number, kind: String, title: String, file: String, width: Number, height: Number,
    fps: Number, start: Number, people: Object, spans: Object,
  },
  data: () => ({ broken: false, names: true, bodies: false, here: [], clock: "0:00.0", said: "",
    made: null }),
  watch: {
    names() { this.draw(this.shown); },
    bodies() { this.draw(this.shown); },
  },
  mounted() {
    this.parts = new Map();
    this.shown = 0;
    this.waits = false;
    this.onSeek = (event) => { if (event.detail.media === this.media) this.go(event.detail.seconds); };
    this.onKey = (event) => this.key(event);
    window.addEventListener("personae-seek", this.onSeek);
    window.addEventListener("keydown", this.onKey);
    this.sized = new ResizeObserver(() => this.draw(this.shown));
    this.sized.observe(this.$refs.box);
    this.list(this.start || 0);
    if (this.kind !== "film") this.draw(0);
  },
  unmounted() {
    window.removeEventListener("personae-seek", this.onSeek);
    window.removeEventListener("keydown", this.onKey);
    this.sized.disconnect();
    if (this.news) this.news.close();
  },
  methods: {
    // The browser's own full screen would leave the names behind
    wide() {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.$refs.box.requestFullscreen();
    },
    arrive() {
      this.broken = false;
      if (this.start > 0) this.$refs.film.currentTime = this.start;
      this.loop();
    },
    // What browsers cannot play is copied by the server into what they can; its job tells how far
    async other() {
      this.broken = true;
      const answer = await fetch(this.file, { headers: { Range: "bytes=0-0" } }).catch(() => null);
      if (!answer || answer.status !== 202) {
        const told = answer && !answer.ok ? await answer.json().catch(() => ({})) : {};
        this.said = told.detail || "";
        return;
      }
      const job = await answer.json();
      this.said = "A copy that this browser can play is being made.";
      this.made = job.progress;
      this.news = new EventSource(job.events);
      this.news.addEventListener("job", (event) => {
        const now = JSON.parse(event.data);
        this.made = now.progress;
        if (now.state === "waiting" || now.state === "running") return;
        this.news.close();
        this.made = null;
        if (now.state === "done") this.$refs.film.load();
        else this.said = now.error ? now.error.message : "No copy was made.";
      });
    },
    go(seconds) {
      const film = this.$refs.film;
      if (!film) return;
      film.currentTime = Math.max(0, Math.min(seconds, film.duration || seconds));
      this.loop();
    },
    // One callback is on its way at any time, as long as the film plays or seeks.
    loop() {
      const film = this.$refs.film;
      if (!film || this.waits) return;
      this.waits = true;
      const next = (seconds) => {
        this.waits = false;
        this.draw(seconds);
        if (!film.paused && !film.ended) this.loop();
      };
      if (film.requestVideoFrameCallback) {
        film.requestVideoFrameCallback((_, frame) => next(frame.mediaTime));
        // A seek to the frame that is shown already brings no new frame
        if (film.paused) this.draw(film.currentTime);
      } else {
        requestAnimationFrame(() => next(film.currentTime));
      }
    },
    told() {
      const film = this.$refs.film;
      if (film && film.paused) this.draw(film.currentTime);
    },
    part(number) {
      if (number < 0) return null;
      if (!this.parts.has(number)) {
        if (this.parts.size > 20) this.parts.delete(this.parts.keys().next().value);
        this.parts.set(number, null);
        const span = this.kind === "film"
          ? `?start=${number * PART_S}&end=${(number + 1) * PART_S}` : "";
        fetch(`/api/v1/media/${this.media}/tracks${span}`)
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
          .then((found) => { this.parts.set(number, found.tracks); this.draw(this.shown); })
          .catch(() => this.parts.delete(number));
      }
      return this.parts.get(number);
    },
    draw(seconds) {
      this.shown = seconds;
      const number = Math.floor(seconds / PART_S);
      const tracks = this.part(number);
      if (this.kind === "film" && seconds - number * PART_S > PART_S / 2) this.part(number + 1);
      const canvas = this.$refs.canvas, around = this.$refs.box;
      if (!canvas || !around) return;
      const scale = window.devicePixelRatio || 1;
      const wide = around.clientWidth, high = around.clientHeight;
      if (canvas.width !== Math.round(wide * scale) || canvas.height !== Math.round(high * scale)) {
        canvas.width = Math.round(wide * scale);
        canvas.height = Math.round(high * scale);
      }
      const pen = canvas.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, wide, high);
      canvas.dataset.seconds = seconds.toFixed(3);
      const drawn = this.names && tracks ? this.boxes(tracks, seconds) : [];
      canvas.dataset.drawn = drawn.map((one) => one.person ?? "-").join(" ");
      // The picture is fitted into its frame as object-fit: contain does it
      const fit = Math.min(wide / this.width, high / this.height);
      const left = (wide - this.width * fit) / 2, top = (high - this.height * fit) / 2;
      for (const one of drawn) {
        const [x1, y1, x2, y2] = one.box;
        this.mark(pen, one, [left + x1 * fit, top + y1 * fit, (x2 - x1) * fit, (y2 - y1) * fit], wide);
      }
      this.list(seconds);
      window.dispatchEvent(new CustomEvent("personae-time", { detail: { media: this.media, seconds } }));
    },
    boxes(tracks, seconds) {
      const found = [];
      for (const one of tracks) {
        if (one.kind === "body" && !this.bodies) continue;
        const box = between(one.times, one.boxes, seconds);
        if (box) found.push({ person: one.person, kind: one.kind, box });
      }
      return found;
    },
    mark(pen, one, [x, y, w, h], wide) {
      const who = one.person === null ? null : this.people[one.person];
      const colour = who ? who.colour : "#b0b0b0";
      const body = one.kind === "body";
      pen.lineJoin = "round";
      pen.setLineDash(body ? [5, 5] : []);
      for (const [width, style] of [[body ? 3 : 5, "rgba(0,0,0,.45)"], [body ? 1.5 : 2.5, colour]]) {
        pen.lineWidth = width;
        pen.strokeStyle = style;
        pen.beginPath();
        pen.roundRect(x, y, w, h, 6);
        pen.stroke();
      }
      pen.setLineDash([]);
      if (!who || body) return;
      pen.font = "600 13px system-ui, sans-serif";
      const long = pen.measureText(who.label).width + 14;
      const at = Math.max(2, Math.min(x, wide - long - 2));
      const over = y > 26 ? y - 25 : y + h + 4;
      pen.fillStyle = "rgba(15,18,24,.82)";
      pen.beginPath();
      pen.roundRect(at, over, long, 21, 5);
      pen.fill();
      pen.fillStyle = colour;
      pen.fillRect(at, over + 4, 3, 13);
      pen.fillStyle = "#fff";
      pen.fillText(who.label, at + 9, over + 15);
    },
    list(seconds) {
      this.clock = stamp(seconds);
      const here = [];
      for (const [id, spans] of Object.entries(this.spans || {})) {
        const who = this.people[id];
        const span = this.kind === "film"
          ? spans.find(([start, end]) => start <= seconds && seconds < end) : [0, 0];
        if (who && span) {
          const told = this.kind === "film" ? `${stamp(span[0])} – ${stamp(span[1])}` : "";
          here.push({ id, label: who.label, colour: who.colour, span: told });
        }
      }
      if (here.map((one) => one.id + one.span).join() !== this.here.map((one) => one.id + one.span).join())
        this.here = here;
    },
    key(event) {
      const film = this.$refs.film;
      const typing = event.target.closest && event.target.closest("input, textarea, select, .pv-lanes");
      if (!film || event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing && event.target.type !== "checkbox") return;
      const step = event.shiftKey ? 10 : 1, frame = 1 / (this.fps || 25);
      const moves = { ArrowLeft: -step, ArrowRight: step, ",": -frame, ".": frame };
      if (event.key in moves) this.go(film.currentTime + moves[event.key]);
      else if (event.key === " " && event.target !== film) film.paused ? film.play() : film.pause();
      else if (event.key.toLowerCase() === "b") this.names = !this.names;
      else if (event.key.toLowerCase() === "f") this.wide();
      else return;
      event.preventDefault();
    },
  },
};

// Where a box is at a moment: on the straight line between the two moments around it.
function between(times, boxes, seconds) {
  const last = times.length - 1;
  if (seconds < times[0] - HOLD_S || seconds > times[last] + HOLD_S) return null;
  if (seconds <= times[0]) return boxes[0];
  if (seconds >= times[last]) return boxes[last];
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= seconds) low = middle; else high = middle;
  }
  const wide = times[high] - times[low];
  if (wide > BREAK_S) return null;
  const part = (seconds - times[low]) / wide;
  return boxes[low].map((value, side) => value + (boxes[high][side] - value) * part);
}

function stamp(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const whole = Math.floor(tenths / 10), minutes = Math.floor(whole / 60);
  const two = (number) => String(number).padStart(2, "0");
  const head = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : `${minutes}`;
  return `${head}:${two(whole % 60)}.${tenths % 10}`;
}
