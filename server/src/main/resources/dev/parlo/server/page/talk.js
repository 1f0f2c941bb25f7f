import { request, socket } from "/page/api.js";
import { $, clock, element, guarded, notice, options } from "/page/dom.js";
import { Microphone, Player, decoded, encoded } from "/page/sound.js";
import { voicesOf } from "/page/speak.js";

const RATE = 24_000;
const MOST_EVENTS = 300;
const REFUSED = "The server refused the connection: no model that listens may be installed, or too many sessions open.";
let session = null;

export function show(all) {
  const listening = all.filter((model) => model.task === "automatic-speech-recognition");
  options($("talk-stt"), listening.map((model) => [model.id, model.id]), $("talk-stt").value);
  const voices = all.filter((model) => model.task === "text-to-speech")
    .flatMap((model) => voicesOf(model).map((voice) => [`${model.id} ${voice.id}`, `${voice.name} (${model.id})`]));
  options($("talk-voice"), [["", "The usual one"], ...voices], $("talk-voice").value);
}

function log(direction, event) {
  const shown = JSON.stringify(event, (name, value) =>
    typeof value === "string" && value.length > 120 ? `${value.slice(0, 120)}…` : value);
  const events = $("events");
  events.append(element("div", { textContent: `${new Date().toLocaleTimeString()} ${direction} ${shown}` }));
  while (events.childElementCount > MOST_EVENTS) events.firstElementChild.remove();
  events.scrollTop = events.scrollHeight;
}

/** A line of the captions, which grows. */
function caption(key, who) {
  const known = session.lines.get(key);
  if (known) return known;
  const sure = element("span");
  const open = element("span", { className: "open" });
  const row = element("p", {}, element("span", { className: "who", textContent: who }), sure, open);
  $("captions").append(row);
  const line = { sure, open };
  session.lines.set(key, line);
  return line;
}

function write(line, sure, open) {
  line.sure.textContent = sure;
  line.open.textContent = open;
  $("captions").scrollTop = $("captions").scrollHeight;
}

function captionEvent(event) {
  if (event.type === "partial") {
    write(caption(event.turn, clock(event.start)), event.stable, event.text.slice(event.stable.length));
  } else if (event.type === "final") {
    write(caption(event.turn, clock(event.start)), event.text, "");
  } else if (event.type === "speech_started") {
    status("Somebody speaks…");
  } else if (event.type === "speech_stopped" || event.type === "ready") {
    status("Listening…");
  } else if (event.type === "error") {
    notice(event.error.message);
  }
}

function realtimeEvent(event) {
  const item = event.item_id ?? event.item?.id;
  switch (event.type) {
    case "session.created":
      status("Listening…");
      break;
    case "input_audio_buffer.speech_started":
      interrupt(); // the person has the word
      status("Somebody speaks…");
      break;
    case "input_audio_buffer.speech_stopped":
      status("Thinking…");
      break;
    case "conversation.item.input_audio_transcription.delta": {
      const line = caption(item, "You");
      write(line, line.sure.textContent + event.delta, "");
      break;
    }
    case "conversation.item.input_audio_transcription.completed":
      write(caption(item, "You"), event.transcript, "");
      break;
    case "response.output_audio_transcript.delta":
    case "response.output_text.delta": {
      const line = caption(item, "Answer");
      write(line, line.sure.textContent + event.delta, "");
      status("Answering…");
      break;
    }
    case "response.output_audio.delta": {
      const samples = decoded(event.delta);
      const at = session.player.play(samples);
      if (session.answer?.item !== item) session.answer = { item, at, seconds: 0 };
      session.answer.seconds += samples.length / RATE;
      break;
    }
    case "response.done":
      status("Listening…");
      if (event.response?.status === "failed") {
        notice(event.response.status_details?.error?.message ?? "The answer failed.");
      }
      break;
    case "error":
      notice(event.error.message);
      break;
    default:
  }
}

/** Ends the answer that sounds, and tells the server how much of it was heard. */
function interrupt() {
  const { player, answer } = session;
  if (answer && player.playing()) {
    const heard = Math.max(0, Math.min(player.context.currentTime - answer.at, answer.seconds));
    const truncate = {
      type: "conversation.item.truncate", item_id: answer.item, content_index: 0,
      audio_end_ms: Math.floor(heard * 1000),
    };
    log("→", truncate);
    session.socket.send(JSON.stringify(truncate));
  }
  session.answer = null;
  player.hush();
}

const status = (text) => { $("talk-status").textContent = text; };

async function begin() {
  await end();
  const conversation = $("mode-conversation").checked;
  const current = { lines: new Map(), player: new Player(RATE), conversation, ready: false };
  session = current;
  $("captions").replaceChildren();
  $("events").replaceChildren();
  buttons(true);
  status("Connecting…");
  try {
    current.microphone = await Microphone.open(RATE, (samples, level) => {
      $("level").value = level;
      if (!current.ready) return;
      if (conversation) {
        current.socket.send(JSON.stringify({ type: "input_audio_buffer.append", audio: encoded(samples) }));
      } else {
        current.socket.send(samples);
      }
    });
    if (session !== current) {
      await current.microphone.close();
      return;
    }
    connect(current);
  } catch (failure) {
    await end();
    throw failure;
  }
}

function connect(current) {
  const [speaker, voice] = $("talk-voice").value.split(" ");
  current.socket = current.conversation
    ? socket("/v1/realtime", { api: "ga", model: $("talk-llm").value || "default", transcription_model: $("talk-stt").value })
    : socket("/v1/audio/transcriptions/stream", { model: $("talk-stt").value, sample_rate: RATE });
  current.socket.binaryType = "arraybuffer";
  current.socket.onopen = () => {
    current.ready = true;
    if (!current.conversation) return;
    const update = {
      type: "session.update",
      session: {
        type: "realtime",
        output_modalities: ["audio"],
        ...(voice ? { speech_model: speaker } : {}),
        audio: {
          input: {
            format: { type: "audio/pcm", rate: RATE },
            transcription: { model: $("talk-stt").value },
            turn_detection: { type: "server_vad" },
          },
          output: { format: { type: "audio/pcm", rate: RATE }, ...(voice ? { voice } : {}) },
        },
      },
    };
    log("→", update);
    current.socket.send(JSON.stringify(update));
  };
  current.socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    log("←", event);
    if (session !== current) return;
    if (current.conversation) realtimeEvent(event);
    else captionEvent(event);
  };
  current.socket.onclose = ({ code, reason }) => {
    if (session !== current) return;
    if (code !== 1000) notice(reason || (current.ready ? `The connection broke (${code}).` : REFUSED));
    // A browser hides why a WebSocket was refused; a plain request is told where it is the key.
    if (!current.ready) request("/v1/models").catch(({ message }) => notice(message));
    end();
  };
}

async function end() {
  const old = session;
  session = null;
  buttons(false);
  $("level").value = 0;
  if (!old) return;
  old.ready = false;
  status("");
  old.socket?.close(1000);
  await old.player.close();
  await old.microphone?.close();
}

function buttons(running) {
  $("talk-start").hidden = running;
  $("talk-stop").hidden = !running;
}

export function start() {
  $("talk-form").addEventListener("submit", guarded(begin));
  $("talk-stop").addEventListener("click", guarded(end));
}
