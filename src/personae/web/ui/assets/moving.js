// All cameras' pictures over one connection: a browser opens no more than six to a server.

const AGAIN_MS = 2000;

// Calls onPicture(camera, blob) as pictures come, until the signal says stop.
export async function follow(signal, onPicture) {
  while (!signal.aborted) {
    try {
      const answer = await fetch("/api/v1/live/stream", { signal });
      if (answer.ok) await read(answer.body.getReader(), onPicture);
    } catch { /* begun again below */ }
    if (!signal.aborted) await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}

async function read(reader, onPicture) {
  let held = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const all = new Uint8Array(held.length + value.length);
    all.set(held);
    all.set(value, held.length);
    held = parts(all, onPicture);
  }
}

// Hands over each whole part; what is left of the bytes.
function parts(bytes, onPicture) {
  let from = 0;
  for (;;) {
    const gap = blank(bytes, from);
    if (gap < 0) return bytes.slice(from);
    const head = new TextDecoder().decode(bytes.subarray(from, gap));
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const camera = /x-camera: (\S+)/i.exec(head)?.[1];
    const begin = gap + 4, end = begin + length;
    if (end > bytes.length) return bytes.slice(from);
    if (camera) onPicture(decodeURIComponent(camera), new Blob([bytes.slice(begin, end)], { type: "image/jpeg" }));
    from = end;
  }
}

// Where an empty line is: the end of a part's headers, after the line break that ends the last part.
function blank(bytes, from) {
  for (let i = from + 2; i + 3 < bytes.length; i += 1)
    if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i;
  return -1;
}

// Shows pictures in an image without flicker: the one before stays until the next is there.
export class Moving {
  constructor(image) {
    this.image = image;
    this.busy = false;
    this.next = null;
  }

  show(blob) {
    this.next = blob;
    if (!this.busy) this.step();
  }

  step() {
    const blob = this.next;
    if (!blob) return;
    this.next = null;
    this.busy = true;
    const old = this.url;
    this.url = URL.createObjectURL(blob);
    this.image.onload = this.image.onerror = () => {
      if (old) URL.revokeObjectURL(old);
      this.busy = false;
      this.step();
    };
    this.image.src = this.url;
  }
}
