// Live conversations by OpenAI's own clients, in the present shapes and those of the beta.
import assert from "node:assert/strict";
import net from "node:net";
import test from "node:test";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { OpenAIRealtimeWS as BetaRealtimeWS } from "openai/beta/realtime/ws";
import { RealtimeAgent, RealtimeSession, OpenAIRealtimeWebSocket, tool } from "@openai/agents/realtime";
import WebSocket from "ws";

const server = new URL(process.env.PARLO_URL);
const client = new OpenAI({ baseURL: `${process.env.PARLO_URL}/v1`, apiKey: "none", maxRetries: 0 });
// The client insists on wss: the address is kept, and the connection is a plain one.
const options = {
  createConnection: () => net.connect({ host: server.hostname, port: Number(server.port) }),
};
const spoken = "I heard you well. What else would you like to know?";

const speech = async (text) => {
  const audio = await client.audio.speech.create({
    model: "espeak-ng/espeak-ng",
    voice: "en-us",
    input: text,
    response_format: "pcm",
    sample_rate: 24000,
  });
  return Buffer.from(await audio.arrayBuffer());
};
const silence = Buffer.alloc(2 * 24000);

/** Sends audio as a microphone has it. */
const append = (send, audio) => {
  for (let at = 0; at < audio.length; at += 2400) {
    send({
      type: "input_audio_buffer.append",
      audio: audio.subarray(at, at + 2400).toString("base64"),
    });
  }
};

/** Everything that comes until an event. */
const collect = (realtime, last) =>
  new Promise((resolve, reject) => {
    const events = [];
    realtime.on("error", reject);
    realtime.on("event", (event) => {
      events.push(event);
      if (event.type === last) resolve(events);
    });
  });

const joined = (events, type) =>
  events
    .filter((event) => event.type === type)
    .map((event) => event.delta)
    .join("");

test("openai: a spoken turn is answered, in the present shapes", async () => {
  const realtime = new OpenAIRealtimeWS({ model: "some-llm", options }, client);
  const all = collect(realtime, "response.done");
  await new Promise((resolve) => realtime.socket.on("open", resolve));
  realtime.send({
    type: "session.update",
    session: {
      type: "realtime",
      output_modalities: ["audio"],
      audio: {
        input: { transcription: { model: "whisper-1" }, turn_detection: { type: "server_vad" } },
        output: { voice: "alloy" },
      },
    },
  });
  append((event) => realtime.send(event), await speech("The weather is fine in the mountains."));
  append((event) => realtime.send(event), silence);
  const events = await all;
  const transcript = events.find(
    (event) => event.type === "conversation.item.input_audio_transcription.completed",
  );
  assert.ok(transcript.transcript.length > 5, transcript.transcript);
  assert.equal(
    joined(events, "conversation.item.input_audio_transcription.delta"),
    transcript.transcript,
  );
  assert.equal(joined(events, "response.output_audio_transcript.delta"), spoken);
  assert.ok(joined(events, "response.output_audio.delta").length > 10000);
  const { response } = events.at(-1);
  assert.equal(response.status, "completed");
  assert.equal(response.usage.total_tokens, 16);
  realtime.close();
});

test("openai: a spoken turn is answered, in the beta's shapes", async () => {
  const realtime = new BetaRealtimeWS({ model: "some-llm", options }, client);
  const all = collect(realtime, "response.done");
  await new Promise((resolve) => realtime.socket.on("open", resolve));
  realtime.send({
    type: "session.update",
    session: { modalities: ["audio", "text"], turn_detection: { type: "server_vad" } },
  });
  append((event) => realtime.send(event), await speech("The weather is fine in the mountains."));
  append((event) => realtime.send(event), silence);
  const events = await all;
  assert.equal(events[0].type, "session.created");
  assert.ok(events.some((event) => event.type === "conversation.item.created"));
  assert.ok(!events.some((event) => event.type === "conversation.item.added"));
  assert.equal(joined(events, "response.audio_transcript.delta"), spoken);
  assert.ok(joined(events, "response.audio.delta").length > 10000);
  realtime.close();
});

test("openai: a transcription session", async () => {
  const realtime = new OpenAIRealtimeWS({ intent: "transcription", options }, client);
  const all = collect(realtime, "conversation.item.input_audio_transcription.completed");
  await new Promise((resolve) => realtime.socket.on("open", resolve));
  realtime.send({
    type: "session.update",
    session: {
      type: "transcription",
      audio: { input: { transcription: { model: "parlo/whisper-nano.en" }, turn_detection: null } },
    },
  });
  append((event) => realtime.send(event), await speech("The weather is fine in the mountains."));
  realtime.send({ type: "input_audio_buffer.commit" });
  const events = await all;
  assert.ok(events.at(-1).transcript.length > 5);
  realtime.close();
});

test("openai: a short-lived key opens a session as it was made", async () => {
  const secret = await client.realtime.clientSecrets.create({
    session: { type: "realtime", model: "some-llm", instructions: "Be kind." },
  });
  assert.match(secret.value, /^ek_/);
  const other = new OpenAI({ baseURL: client.baseURL, apiKey: secret.value });
  const realtime = new OpenAIRealtimeWS({ model: "some-llm", options }, other);
  const [created] = await collect(realtime, "session.created");
  assert.equal(created.session.instructions, "Be kind.");
  realtime.close();
});

test("agents: a session with a tool", async () => {
  const asked = [];
  const agent = new RealtimeAgent({
    name: "guide",
    instructions: "Help.",
    tools: [
      tool({
        name: "weather",
        description: "The weather of a city",
        parameters: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: true,
        },
        strict: false,
        execute: async (input) => {
          asked.push(input.city);
          return "sunny";
        },
      }),
    ],
  });
  const transport = new OpenAIRealtimeWebSocket({
    url: `${process.env.PARLO_URL.replace("http", "ws")}/v1/realtime?model=some-llm`,
    createWebSocket: async ({ url, apiKey }) =>
      new WebSocket(url, {
        headers: { Authorization: `Bearer ${apiKey}`, "X-OpenAI-Agents-SDK": "1" },
      }),
  });
  const session = new RealtimeSession(agent, { transport, model: "some-llm" });
  const errors = [];
  session.on("error", (error) => errors.push(error));
  let sound = 0;
  session.on("audio", (event) => (sound += event.data.byteLength));
  const ended = new Promise((resolve) => session.on("agent_end", (_context, _agent, text) => resolve(text)));
  await session.connect({ apiKey: "none" });
  const audio = await speech("How is the weather in Rome today?");
  for (const part of [audio, silence, silence]) {
    for (let at = 0; at < part.length; at += 2400) {
      session.sendAudio(Uint8Array.from(part.subarray(at, at + 2400)).buffer);
    }
  }
  let text = await ended;
  if (!text) {
    text = await new Promise((resolve) =>
      session.on("agent_end", (_context, _agent, more) => resolve(more)),
    );
  }
  assert.deepEqual(asked, ["Rome"]);
  assert.equal(text, spoken);
  assert.ok(sound > 10000);
  const user = session.history.find((item) => item.role === "user");
  assert.ok(user.content[0].transcript.length > 5);
  assert.deepEqual(errors, []);
  session.close();
});
