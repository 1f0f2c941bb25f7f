// Samples in and out. Everything is 16-bit mono.

export function decoded(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}

export function encoded(samples) {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Plays samples as they come, one after another without gaps. */
export class Player {
  constructor(rate) {
    this.rate = rate;
    this.context = new AudioContext();
    this.next = 0;
    this.begin = null;
    this.sources = new Set();
  }

  /** Returns when they begin to sound, in seconds of the context. */
  play(samples) {
    if (samples.length === 0) return this.context.currentTime;
    const buffer = this.context.createBuffer(1, samples.length, this.rate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = samples[i] / 32768;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const at = Math.max(this.next, this.context.currentTime + 0.05);
    this.begin ??= at;
    source.start(at);
    this.next = at + buffer.duration;
    this.sources.add(source);
    source.onended = () => this.sources.delete(source);
    return at;
  }

  /** Seconds since the first sample sounded. */
  position() {
    return this.begin === null ? 0 : this.context.currentTime - this.begin;
  }

  playing() {
    return this.sources.size > 0;
  }

  /** Is silent at once; what comes afterwards is played again. */
  hush() {
    for (const source of this.sources) source.stop();
    this.sources.clear();
    this.next = 0;
  }

  close() {
    this.hush();
    return this.context.state === "closed" ? Promise.resolve() : this.context.close();
  }
}

export function requireMicrophone() {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers give the microphone to pages on localhost or over https only.");
  }
}

/** The microphone as samples of a rate, a piece every 50 ms. */
export class Microphone {
  static async open(rate, take) {
    requireMicrophone();
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    const microphone = new Microphone();
    microphone.stream = stream;
    microphone.context = new AudioContext();
    await microphone.context.audioWorklet.addModule("/page/capture.js");
    const node = new AudioWorkletNode(microphone.context, "capture", { processorOptions: { rate } });
    node.port.onmessage = ({ data }) => take(new Int16Array(data.samples), data.level);
    microphone.context.createMediaStreamSource(stream).connect(node);
    node.connect(microphone.context.destination); // silent; without it some browsers do not run the node
    return microphone;
  }

  async close() {
    this.stream.getTracks().forEach((track) => track.stop());
    await this.context.close();
  }
}

/** Draws the loudest values of samples that are still coming. */
export class Waveform {
  constructor(canvas) {
    this.canvas = canvas;
    this.clear();
  }

  clear() {
    this.peaks = [];
    this.samples = 0;
    this.draw(0);
  }

  add(samples, rate) {
    const step = Math.max(1, Math.round(rate / 100));
    for (let i = 0; i < samples.length; i += step) {
      let peak = 0;
      for (let k = i; k < Math.min(samples.length, i + step); k++) peak = Math.max(peak, Math.abs(samples[k]));
      this.peaks.push(peak / 32768);
    }
    this.samples += samples.length;
  }

  /** What has sounded is drawn stronger. */
  draw(share) {
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(this.canvas).getPropertyValue("--wave").trim() || "#0b62bd";
    const bars = Math.min(this.peaks.length, width / 3);
    for (let i = 0; i < bars; i++) {
      const from = Math.floor((i * this.peaks.length) / bars);
      const to = Math.max(from + 1, Math.floor(((i + 1) * this.peaks.length) / bars));
      const peak = Math.max(...this.peaks.slice(from, to));
      const tall = Math.max(2, peak * height);
      context.globalAlpha = i / bars < share ? 1 : 0.35;
      context.fillRect((i * width) / bars, (height - tall) / 2, Math.max(1, width / bars - 1), tall);
    }
    context.globalAlpha = 1;
  }
}
