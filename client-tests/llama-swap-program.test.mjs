// llama-swap itself in front of Parlo: LLAMA_SWAP is the path of the program. Linux only: processes are found in /proc.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import OpenAI from "openai";
import WebSocket from "ws";

const program = process.env.LLAMA_SWAP;
const parlo = process.env.PARLO ?? new URL("../parlo", import.meta.url).pathname;
const sample = new URL("../samples/a-miracle.flac", import.meta.url);
const file = () => fs.createReadStream(sample);
const skip = program ? false : "llama-swap was NOT run: set LLAMA_SWAP to the path of the program";
const endless = "One, two, three, four, five, six, seven, eight, nine. ".repeat(3000);

/** Asks again until the answer is the wanted one. The limit of the test run ends what never comes. */
async function until(answer, wanted) {
  for (;;) {
    const last = await answer();
    if (wanted(last)) return last;
    await new Promise((done) => setTimeout(done, 200));
  }
}

const isFree = (port) =>
  new Promise((done) => {
    const server = net.createServer().listen(port, "127.0.0.1");
    server.once("listening", () => server.close(() => done(true)));
    server.once("error", () => done(false));
  });

/** The first of some neighbouring ports that nobody listens on, below those which systems give out themselves. */
async function freePorts(count) {
  for (;;) {
    const first = 22000 + Math.floor(Math.random() * 8000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}

/** The processes of Parlo on a port, by their command lines: a shell that starts one is none. */
function serversOn(port) {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").includes(`serve --host 127.0.0.1 --port ${port} `);
      } catch {
        return false; // it ended while we looked
      }
    })
    .map(Number);
}

/** Starts llama-swap with models: name → {options of llama-swap's configuration}. Ports are given in the order of names. */
async function start(models, { env = {}, top = {} } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "llama-swap-"));
  const names = Object.keys(models).sort();
  const first = await freePorts(names.length + 1);
  const ports = Object.fromEntries(names.map((name, at) => [name, first + 1 + at]));
  const config = { healthCheckTimeout: 120, logLevel: "debug", startPort: first + 1, ...top, models };
  const where = path.join(folder, "config.yaml");
  fs.writeFileSync(where, JSON.stringify(config)); // JSON is YAML
  const swap = spawn(program, ["-config", where, "-listen", `127.0.0.1:${first}`], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  swap.stdout.on("data", (bytes) => (log += bytes));
  swap.stderr.on("data", (bytes) => (log += bytes));
  const ended = new Promise((done) => swap.once("exit", done));
  const url = `http://127.0.0.1:${first}`;
  await until(
    () => fetch(`${url}/health`).then((r) => r.status, () => (swap.exitCode === null ? 0 : assert.fail(log))),
    (status) => status === 200,
  );
  const running = async (headers) =>
    (await (await fetch(`${url}/running`, { headers })).json()).running.map(({ model, state }) => `${model} ${state}`);
  const stop = async () => {
    swap.kill("SIGTERM");
    await ended;
    fs.rmSync(folder, { recursive: true });
    for (const port of Object.values(ports)) assert.deepEqual(serversOn(port), [], "a server was left");
    assert.doesNotMatch(log, /signal: killed|WaitDelay expired/, "a server did not end by SIGTERM");
  };
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
  return { url, ports, running, stop, client, log: () => log };
}

const model = (checkEndpoint, useModelName, more = {}) => ({
  cmd: `${parlo} serve --host 127.0.0.1 --port \${PORT}`,
  proxy: "http://127.0.0.1:${PORT}",
  checkEndpoint,
  useModelName,
  env: ["SHUTDOWN_TIMEOUT=6", "STT_MODEL_TTL=-1"],
  ...more,
});
const hearing = (more) => model("/health", "parlo/whisper-nano.en", more);
const speaking = (more) => model("/v1/audio/transcriptions", "espeak-ng/espeak-ng", more);
const speech = (client, input, more = {}, options = {}) =>
  client.audio.speech.create({ model: "tts-1", voice: "en-us", input, response_format: "pcm", ...more }, options);

test("models are swapped, each by its own server, and nothing is left", { skip }, async (t) => {
  const swap = await start({
    "whisper-1": hearing({ aliases: ["gpt-4o-transcribe"] }),
    "tts-1": speaking(),
    "short-lived": hearing({ ttl: 1, checkEndpoint: "/v1/audio/transcriptions/" }),
  });
  const { client, url, ports } = swap;
  try {
    await t.test("requests that come while the server starts are all answered by one server", async () => {
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => client.audio.transcriptions.create({ file: file(), model: "whisper-1" })),
      );
      for (const answer of answers) assert.match(answer.text, /performed a miracle/);
      assert.equal(serversOn(ports["whisper-1"]).length, 1);
    });
    await t.test("a form written anew, by an alias, in every format", async () => {
      for (const response_format of ["json", "verbose_json", "text", "srt", "vtt"]) {
        const answer = await client.audio.transcriptions.create({
          file: file(),
          model: "gpt-4o-transcribe",
          response_format,
          ...(response_format === "verbose_json" && { timestamp_granularities: ["word", "segment"] }),
        });
        assert.match(answer.text ?? answer, /performed a miracle/);
        if (response_format === "verbose_json") assert.ok(answer.words.length > 3);
      }
    });
    await t.test("a transcription as a stream", async () => {
      const events = [];
      const stream = await client.audio.transcriptions.create({ file: file(), model: "whisper-1", stream: true });
      for await (const event of stream) events.push(event);
      assert.match(events.at(-1).text, /performed a miracle/);
      assert.ok(events.some((event) => event.type === "transcript.text.delta"));
    });
    await t.test("errors come through", async () => {
      await assert.rejects(
        client.audio.transcriptions.create({ file: file(), model: "whisper-1", response_format: "docx" }),
        OpenAI.UnprocessableEntityError,
      );
    });
    await t.test("Realtime at /upstream", async () => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/upstream/whisper-1/v1/realtime?intent=transcription`);
      const created = JSON.parse(await new Promise((done, failed) => {
        socket.once("message", done);
        socket.once("error", failed);
      }));
      assert.match(created.type, /session\.created$/);
      socket.close();
      await new Promise((done) => socket.once("close", done));
    });
    await t.test("a request for the other model ends this server and starts the other", async () => {
      const audio = Buffer.from(await (await speech(client, "Good morning.")).arrayBuffer());
      assert.ok(audio.length > 10_000);
      assert.deepEqual(serversOn(ports["whisper-1"]), []);
      assert.deepEqual(await swap.running(), ["tts-1 ready"]);
    });
    await t.test("speech as events, and its voices", async () => {
      const answer = await speech(client, "Good morning.", { stream_format: "sse" });
      assert.match(await answer.text(), /speech\.audio\.delta[^]*speech\.audio\.done/);
      // Asked for by llama-swap's own name: `useModelName` is for bodies only.
      const { voices } = await (await fetch(`${url}/v1/audio/voices?model=tts-1`)).json();
      assert.ok(voices.length > 0);
    });
    await t.test("the work of a client that leaves in the middle ends", async () => {
      const leaving = new AbortController();
      const answer = await speech(client, endless, {}, { signal: leaving.signal });
      const reader = answer.body.getReader();
      await reader.read(); // the head came before the whole was spoken: it was passed on as it came
      leaving.abort();
      await until(
        async () => (await fetch(`${url}/upstream/tts-1/metrics`)).text(),
        (metrics) => /^parlo_requests_in_flight 1(\.0)?$/m.test(metrics), // this one itself
      );
    });
    await t.test("unload ends a server in the middle of a stream, before SIGKILL", async () => {
      const answer = await speech(client, endless);
      const reader = answer.body.getReader();
      await reader.read(); // and no more: the stream cannot end by itself
      assert.equal((await fetch(`${url}/unload`)).status, 200);
      assert.deepEqual(serversOn(ports["tts-1"]), []);
      await reader.cancel().catch(() => {});
    });
    await t.test("a server that is idle for its ttl is ended", async () => {
      const answer = await client.audio.transcriptions.create({ file: file(), model: "short-lived" });
      assert.match(answer.text, /performed a miracle/);
      await until(() => serversOn(ports["short-lived"]), (servers) => servers.length === 0);
    });
    await t.test("llama-swap's own end ends a server that is loaded", async () => {
      await speech(client, "Good morning.");
      assert.equal(serversOn(ports["tts-1"]).length, 1);
    });
  } finally {
    await swap.stop();
  }
});

test("keys are llama-swap's: it passes none on", { skip }, async () => {
  const swap = await start({ "whisper-1": hearing() }, { top: { apiKeys: ["sk-of-llama-swap"] } });
  try {
    const ask = (apiKey) =>
      new OpenAI({ baseURL: `${swap.url}/v1`, apiKey, maxRetries: 0 }).audio.transcriptions.create({
        file: file(),
        model: "whisper-1",
      });
    await assert.rejects(ask("sk-wrong"), OpenAI.AuthenticationError);
    assert.match((await ask("sk-of-llama-swap")).text, /performed a miracle/);
  } finally {
    await swap.stop();
  }
});

test("a key of Parlo's own goes through, and is not needed to be found healthy", { skip }, async () => {
  const env = ["SHUTDOWN_TIMEOUT=6", "API_KEY=sk-of-parlo"];
  const swap = await start({ "tts-1": speaking({ env }) });
  try {
    await assert.rejects(speech(swap.client, "Good morning."), OpenAI.APIError); // started, asked without the key
    assert.deepEqual(await swap.running(), ["tts-1 ready"]);
    const client = new OpenAI({ baseURL: `${swap.url}/v1`, apiKey: "sk-of-parlo", maxRetries: 0 });
    assert.ok((await (await speech(client, "Good morning.")).arrayBuffer()).byteLength > 10_000);
  } finally {
    await swap.stop();
  }
});

test("the configuration for Docker, with a program in its place", { skip }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker-"));
  // What `docker run --name NAME -p PORT:8000 … IMAGE` and `docker stop --time SECONDS NAME` do, seen from outside.
  fs.writeFileSync(
    path.join(folder, "docker"),
    `#!/bin/sh
case $1 in
run)
    while [ $# -gt 0 ]; do
        case $1 in --name) name=$2 ;; -p) port=\${2%%:*} ;; -e) export "$2" ;; esac
        shift
    done
    echo $$ >"${folder}/$name.pid"
    exec "${parlo}" serve --host 127.0.0.1 --port "$port" ;;
stop)
    pid=$(cat "${folder}/$4.pid")
    kill -TERM "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done ;;
esac
`,
    { mode: 0o755 },
  );
  const swap = await start(
    {
      "tts-1": {
        cmd: "docker run --rm --name ${MODEL_ID} -e SHUTDOWN_TIMEOUT=6 -p ${PORT}:8000 -v parlo:/home/ubuntu/.cache parlo:cpu",
        cmdStop: "docker stop --time 9 ${MODEL_ID}",
        proxy: "http://127.0.0.1:${PORT}",
        checkEndpoint: "/v1/audio/transcriptions",
        useModelName: "espeak-ng/espeak-ng",
      },
    },
    { env: { PATH: `${folder}:${process.env.PATH}` } },
  );
  try {
    assert.ok((await (await speech(swap.client, "Good morning.")).arrayBuffer()).byteLength > 10_000);
    assert.equal(serversOn(swap.ports["tts-1"]).length, 1);
    assert.equal((await fetch(`${swap.url}/api/models/unload/tts-1`, { method: "POST" })).status, 200);
    assert.deepEqual(serversOn(swap.ports["tts-1"]), []);
  } finally {
    await swap.stop();
    fs.rmSync(folder, { recursive: true });
  }
});
