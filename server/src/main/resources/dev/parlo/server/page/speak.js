import { events, post, request } from "/page/api.js";
import { $, element, guarded, options, save } from "/page/dom.js";
import { Player, Waveform, decoded } from "/page/sound.js";

const RATE = 24_000;
let models = [];
let waveform = null;
let player = null;
let running = null;

export function voicesOf(model) {
  return model?.voices ?? [];
}

/** The speech models, with their voices. */
export function show(all) {
  models = all.filter((model) => model.task === "text-to-speech");
  options($("tts-model"), models.map((model) => [model.id, model.id]), $("tts-model").value);
  showLanguages();
}

function model() {
  return models.find((known) => known.id === $("tts-model").value);
}

function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function showLanguages() {
  const codes = [...new Set(voicesOf(model()).map((voice) => voice.language))];
  const entries = codes.map((code) => [code, languageName(code)]).sort((a, b) => a[1].localeCompare(b[1]));
  const before = $("voice-language").value;
  options($("voice-language"), entries,
    codes.includes(before) ? before : codes.find((code) => /^en-us$/i.test(code)) ?? codes.find((code) => code.startsWith("en")));
  showVoices();
}

function showVoices() {
  const voices = voicesOf(model()).filter((voice) => voice.language === $("voice-language").value);
  options($("voice"), voices.map((voice) => [voice.id, voice.name]), $("voice").value);
}

function body(input, more) {
  return { model: $("tts-model").value, voice: $("voice").value, input, speed: Number($("speed").value), ...more };
}

/** The text with a span for each word that is told, found again one after the other. */
class Words {
  constructor(target, text) {
    this.target = target;
    this.text = text;
    this.at = 0;
    this.words = [];
    this.rest = document.createTextNode(text);
    target.replaceChildren(this.rest);
  }

  add(word, start, end) {
    const from = this.text.indexOf(word, this.at);
    if (from < 0) return; // said otherwise than written
    const before = document.createTextNode(this.text.slice(this.at, from));
    const span = element("span", { textContent: word });
    this.at = from + word.length;
    this.rest.data = this.text.slice(this.at);
    this.target.insertBefore(before, this.rest);
    this.target.insertBefore(span, this.rest);
    this.words.push({ start, end, span });
  }

  mark(now) {
    for (const { start, end, span } of this.words) span.classList.toggle("now", start <= now && now < end);
  }
}

async function speak() {
  await stop();
  const text = $("text").value;
  if (!text.trim()) throw new Error("There is no text to speak.");
  const control = new AbortController();
  running = control;
  player = new Player(RATE);
  waveform.clear();
  $("spoken-card").hidden = false;
  $("speak-stop").hidden = false;
  $("speak-status").textContent = "Speaking…";
  const words = new Words($("spoken"), text);
  let total = 0;
  let over = false;
  const current = player;
  const draw = () => {
    if (running !== control) return;
    const now = current.position();
    words.mark(now);
    waveform.draw(total ? now / (total / RATE) : 0);
    if (over && !current.playing()) {
      finish(control, `Done, ${(total / RATE).toFixed(1)} s.`);
      waveform.draw(1);
      words.mark(-1);
    } else {
      requestAnimationFrame(draw);
    }
  };
  requestAnimationFrame(draw);
  try {
    const response = await request("/v1/audio/speech", {
      ...post("/v1/audio/speech", body(text, {
        stream_format: "sse", response_format: "pcm", sample_rate: RATE, return_timestamps: true,
      })),
      signal: control.signal,
    });
    for await (const event of events(response)) {
      if (event.type === "speech.audio.delta") {
        const samples = decoded(event.audio);
        for (const word of event.timestamps ?? []) words.add(word.word, word.start_time, word.end_time);
        waveform.add(samples, RATE);
        total += samples.length;
        current.play(samples);
      } else if (event.error) {
        throw new Error(event.error.message);
      }
    }
    over = true;
  } catch (failure) {
    finish(control, "");
    throw failure;
  }
}

function finish(control, status) {
  if (running !== control) return;
  running = null;
  $("speak-stop").hidden = true;
  $("speak-status").textContent = status;
  player?.close();
}

async function stop() {
  const control = running;
  if (control) {
    finish(control, "Stopped.");
    control.abort();
  }
}

async function sample() {
  const response = await request("/v1/audio/speech", post("/v1/audio/speech",
    body("This is how I sound.", { response_format: "wav", stream: false })));
  const url = URL.createObjectURL(await response.blob());
  const audio = new Audio(url);
  audio.onended = () => URL.revokeObjectURL(url);
  await audio.play();
}

async function download() {
  const format = $("format").value;
  $("speak-status").textContent = "Making the file…";
  const response = await request("/v1/audio/speech",
    post("/v1/audio/speech", body($("text").value, { response_format: format, stream: false })));
  save(await response.blob(), `speech.${format === "opus" ? "ogg" : format}`);
  $("speak-status").textContent = "";
}

export function start() {
  waveform = new Waveform($("wave"));
  $("tts-model").addEventListener("change", showLanguages);
  $("voice-language").addEventListener("change", showVoices);
  $("speed").addEventListener("input", () => { $("speed-value").textContent = $("speed").value; });
  $("speak-form").addEventListener("submit", guarded(speak));
  $("speak-stop").addEventListener("click", guarded(stop));
  $("speak-save").addEventListener("click", guarded(download));
  $("sample").addEventListener("click", guarded(sample));
}
