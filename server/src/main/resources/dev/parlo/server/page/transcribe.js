import { authorization, sentence } from "/page/api.js";
import { $, clock, element, guarded, notice, save } from "/page/dom.js";
import { requireMicrophone } from "/page/sound.js";

let recording = null; // a File or a Blob
let address = null;
let segments = [];
let words = []; // {start, end, span}
let running = null;
let recorder = null;
const speakers = new Map();

function choose(blob, name) {
  recording = blob;
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(blob);
  $("player").src = address;
  $("file-name").textContent = `${name}, ${(blob.size / 1e6).toFixed(2)} MB`;
  $("transcribe-start").disabled = false;
}

async function record() {
  if (recorder) {
    recorder.stop();
    return;
  }
  requireMicrophone();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const parts = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    stream.getTracks().forEach((track) => track.stop());
    const type = recorder.mimeType || "audio/webm";
    recorder = null;
    $("record").setAttribute("aria-pressed", "false");
    $("record").textContent = "Record";
    choose(new Blob(parts, { type }), "Your recording");
  };
  recorder.start();
  $("record").setAttribute("aria-pressed", "true");
  $("record").textContent = "Stop recording";
}

function clear() {
  segments = [];
  words = [];
  speakers.clear();
  $("segments").replaceChildren();
  $("transcript-card").hidden = false;
}

function play(seconds) {
  const player = $("player");
  player.currentTime = seconds;
  player.play().catch(() => notice("This browser cannot play the recording's format."));
}

function add(segment) {
  segments.push(segment);
  const text = element("span", { className: "words" });
  for (const word of segment.words ?? []) {
    const span = element("span", { textContent: word.word, onclick: () => play(word.start) });
    words.push({ start: word.start, end: word.end, span });
    text.append(span);
  }
  if (!segment.words?.length) text.textContent = segment.text;
  const row = element("li", {},
    element("button", {
      type: "button",
      textContent: clock(segment.start),
      "aria-label": `Play from ${clock(segment.start)}`,
      onclick: () => play(segment.start),
    }));
  if (segment.speaker) {
    if (!speakers.has(segment.speaker)) speakers.set(segment.speaker, speakers.size % 6);
    row.className = `s${speakers.get(segment.speaker)}`;
    row.append(element("div", {}, element("span", { className: "speaker", textContent: segment.speaker }), text));
  } else {
    row.append(text);
  }
  $("segments").append(row);
  const player = $("player");
  if (Number.isFinite(player.duration) && player.duration > 0) {
    $("transcribe-progress").value = Math.min(1, segment.end / player.duration);
  }
  $("transcribe-status").textContent = `Heard up to ${clock(segment.end)}`;
}

/** Upload and answer in one: fetch cannot tell how much of a body has left. */
function send(form) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    running = request;
    let read = 0;
    let failed = null;
    request.open("POST", `/v1/audio/${$("task").value}`);
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      $("transcribe-progress").value = loaded / total;
      $("transcribe-status").textContent = `Sent ${Math.round((100 * loaded) / total)} %`;
    };
    request.upload.onload = () => {
      $("transcribe-progress").removeAttribute("value");
      $("transcribe-status").textContent = "Listening…";
    };
    const take = () => {
      if (request.status !== 200) return;
      let end;
      while ((end = request.responseText.indexOf("\n\n", read)) >= 0) {
        const event = request.responseText.slice(read, end);
        read = end + 2;
        if (!event.startsWith("data: ")) continue;
        const data = JSON.parse(event.slice(6));
        if (data.type === "transcript.text.segment") add(data);
        else if (data.error) failed = new Error(data.error.message);
      }
    };
    request.onprogress = take;
    request.onload = () => {
      take();
      if (failed) reject(failed);
      else if (request.status === 200) resolve();
      else reject(new Error(sentence(request.responseText, request.status)));
    };
    request.onerror = () => reject(new Error("The connection to the server broke."));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.send(form);
  });
}

async function transcribe() {
  const form = new FormData();
  form.append("model", $("stt-model").value);
  if ($("language").value) form.append("language", $("language").value);
  form.append("response_format", "verbose_json");
  form.append("timestamp_granularities[]", "segment");
  form.append("timestamp_granularities[]", "word");
  form.append("stream", "true");
  if ($("speakers").checked) form.append("diarize", "true");
  form.append("file", recording, recording.name ?? "recording.webm");
  clear();
  busy(true);
  try {
    await send(form);
    $("transcribe-status").textContent = segments.length ? "Done." : "Nobody was heard to speak.";
  } catch (failure) {
    $("transcribe-status").textContent = failure.name === "AbortError" ? "Stopped." : "";
    throw failure;
  } finally {
    busy(false);
  }
}

function busy(is) {
  $("transcribe-start").disabled = is;
  $("transcribe-stop").hidden = !is;
  $("transcribe-progress").hidden = !is;
  $("transcribe-progress").value = 0;
}

function stamp(seconds, mark) {
  const millis = Math.round(seconds * 1000);
  const part = (value, digits) => String(value).padStart(digits, "0");
  return `${part(Math.floor(millis / 3600000), 2)}:${part(Math.floor(millis / 60000) % 60, 2)}:`
    + `${part(Math.floor(millis / 1000) % 60, 2)}${mark}${part(millis % 1000, 3)}`;
}

const line = (segment) => (segment.speaker ? `${segment.speaker}: ` : "") + segment.text;

const formats = {
  txt: () => ["text/plain", segments.map(line).join("\n") + "\n"],
  srt: () => ["application/x-subrip", segments.map((segment, i) =>
    `${i + 1}\n${stamp(segment.start, ",")} --> ${stamp(segment.end, ",")}\n${line(segment)}\n\n`).join("")],
  vtt: () => ["text/vtt", "WEBVTT\n\n" + segments.map((segment) =>
    `${stamp(segment.start, ".")} --> ${stamp(segment.end, ".")}\n${line(segment)}\n\n`).join("")],
  json: () => ["application/json", JSON.stringify({
    text: segments.map((segment) => segment.text).join(" "),
    segments: segments.map(({ id, start, end, text, speaker, words: spoken }) =>
      ({ id, start, end, text, speaker, words: spoken })),
  }, null, 2)],
};

export function start() {
  $("file").addEventListener("change", () => {
    const file = $("file").files[0];
    if (file) choose(file, file.name);
  });
  $("record").addEventListener("click", guarded(record));
  const drop = $("drop");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) choose(file, file.name);
  });
  $("transcribe-form").addEventListener("submit", guarded(transcribe));
  $("transcribe-stop").addEventListener("click", () => running?.abort());
  $("player").addEventListener("timeupdate", () => {
    const now = $("player").currentTime;
    for (const word of words) word.span.classList.toggle("now", word.start <= now && now < word.end);
  });
  for (const button of document.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => {
      const [type, text] = formats[button.dataset.download]();
      save(new Blob([text], { type }), `transcript.${button.dataset.download}`);
    });
  }
}
