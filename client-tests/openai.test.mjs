// What programs written for OpenAI do, by OpenAI's own client.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import OpenAI, { toFile } from "openai";

const client = new OpenAI({ baseURL: `${process.env.PARLO_URL}/v1`, apiKey: "none", maxRetries: 0 });
const model = "parlo/whisper-nano.en";
const sample = new URL("../samples/the-scientists.flac", import.meta.url);
const sentence =
  "The scientists held off announcing their results until they repeated the experiment.";
const file = () => fs.createReadStream(sample);

test("lists and retrieves models, ids with a slash included", async () => {
  const ids = (await client.models.list()).data.map((entry) => entry.id);
  assert.ok(ids.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
  await assert.rejects(client.models.retrieve("i-do-not-exist"), OpenAI.NotFoundError);
});

test("transcribes", async () => {
  const answer = await client.audio.transcriptions.create({ file: file(), model });
  assert.equal(answer.text, sentence);
  assert.equal(answer.usage.type, "duration");
});

test("transcribes bytes", async () => {
  const bytes = await toFile(fs.readFileSync(sample), "speech.flac");
  const answer = await client.audio.transcriptions.create({ file: bytes, model });
  assert.equal(answer.text, sentence);
});

for (const format of ["text", "srt", "vtt"]) {
  test(`answers ${format}`, async () => {
    const answer = await client.audio.transcriptions.create({
      file: file(),
      model,
      response_format: format,
    });
    assert.match(answer, /repeated the experiment\./);
  });
}

test("answers words and segments", async () => {
  const answer = await client.audio.transcriptions.create({
    file: file(),
    model,
    response_format: "verbose_json",
    timestamp_granularities: ["word", "segment"],
  });
  assert.equal(answer.words.length, 12);
  assert.ok(answer.words.every((word) => word.end >= word.start));
  assert.equal(answer.segments[0].id, 1);
});

test("streams deltas and the whole text", async () => {
  const stream = await client.audio.transcriptions.create({ file: file(), model, stream: true });
  let deltas = "";
  let done = null;
  for await (const event of stream) {
    if (event.type === "transcript.text.delta") {
      deltas += event.delta;
    } else if (event.type === "transcript.text.done") {
      done = event;
    }
  }
  assert.equal(deltas.trim(), sentence);
  assert.equal(done.text, sentence);
});

test("answers log-probabilities", async () => {
  const answer = await client.audio.transcriptions.create({
    file: file(),
    model,
    include: ["logprobs"],
  });
  assert.equal(answer.logprobs.map((entry) => entry.token).join("").trim(), sentence);
});

test("raises the client's own errors", async () => {
  await assert.rejects(
    client.audio.transcriptions.create({ file: file(), model: "who/knows" }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found",
  );
  await assert.rejects(
    client.audio.transcriptions.create({ file: file(), model, response_format: "xml" }),
    OpenAI.UnprocessableEntityError,
  );
  await assert.rejects(
    client.audio.translations.create({ file: file(), model }),
    OpenAI.BadRequestError,
  );
});

const voice = "en-us";
const speaker = "espeak-ng/espeak-ng";
const spoken = { model: speaker, voice, input: "Please close the door when you leave the room." };

test("speaks, and understands what it said", async () => {
  const answer = await client.audio.speech.create({ ...spoken, response_format: "wav" });
  assert.equal(answer.headers.get("content-type"), "audio/wav");
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.subarray(0, 4).toString(), "RIFF");
  const heard = await client.audio.transcriptions.create({
    file: await toFile(bytes, "speech.wav"),
    model,
  });
  assert.equal(heard.text.toLowerCase().trim(), spoken.input.toLowerCase());
});

test("streams mp3 piece by piece", async () => {
  const answer = await client.audio.speech.create({
    ...spoken,
    input: "One sentence after the other is spoken here. ".repeat(40),
  });
  assert.equal(answer.headers.get("content-type"), "audio/mpeg");
  assert.equal(answer.headers.get("content-length"), null);
  let pieces = 0;
  let bytes = 0;
  for await (const piece of answer.body) {
    pieces++;
    bytes += piece.length;
  }
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.ok(bytes > 100_000, `${bytes} bytes`);
});

test("stops speaking when nobody listens", async () => {
  const controller = new AbortController();
  const answer = await client.audio.speech.create(
    { ...spoken, input: "A book without an end. ".repeat(8_000) },
    { signal: controller.signal },
  );
  const reader = answer.body.getReader();
  assert.ok((await reader.read()).value.length > 0);
  controller.abort();
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  });
  const next = await client.audio.speech.create({ ...spoken, response_format: "pcm" });
  assert.ok((await next.arrayBuffer()).byteLength > 10_000);
});

test("sends speech as events", async () => {
  const answer = await client.audio.speech.create({ ...spoken, stream_format: "sse" });
  assert.match(answer.headers.get("content-type"), /^text\/event-stream/);
  const events = (await answer.text())
    .split("\n\n")
    .filter((block) => block.startsWith("data: "))
    .map((block) => JSON.parse(block.slice(6)));
  const done = events.pop();
  assert.equal(done.type, "speech.audio.done");
  assert.ok(done.usage.total_tokens > 0);
  assert.ok(events.length > 0);
  for (const event of events) {
    assert.equal(event.type, "speech.audio.delta");
    assert.ok(Buffer.from(event.audio, "base64").length > 0);
  }
});

for (const name of ["alloy", "ash", "coral", "marin", "cedar"]) {
  test(`knows the voice ${name}, and instructions do no harm`, async () => {
    const answer = await client.audio.speech.create({
      model: "gpt-4o-mini-tts",
      voice: name,
      input: "Hello.",
      instructions: "Speak cheerfully.",
      response_format: "opus",
    });
    assert.equal(answer.headers.get("content-type"), "audio/opus");
    assert.equal(answer.headers.get("x-parlo-ignored"), "instructions");
  });
}

test("refuses an unknown voice and lists the known ones", async () => {
  await assert.rejects(
    client.audio.speech.create({ ...spoken, voice: "nobody" }),
    (error) => error instanceof OpenAI.UnprocessableEntityError && /en-us/.test(error.message),
  );
});

test("answers as Kokoro-FastAPI does", async () => {
  const post = (path, body) =>
    fetch(`${process.env.PARLO_URL}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const plain = await post("/v1/audio/speech", {
    model: "tts-1",
    voice: "af_bella",
    input: "Hello from a **Kokoro** client.",
    response_format: "mp3",
    download_format: "mp3",
    speed: 1.0,
    stream: true,
    return_download_link: false,
    lang_code: "en-us",
    volume_multiplier: 1.0,
    normalization_options: { normalize: true, unit_normalization: true },
  });
  assert.equal(plain.status, 200);
  assert.ok((await plain.arrayBuffer()).byteLength > 5_000);
  const captioned = await post("/dev/captioned_speech", {
    model: "tts-1",
    voice: "af_bella",
    input: "Hello there.",
    stream: false,
    return_timestamps: true,
  });
  const answer = await captioned.json();
  assert.equal(answer.audio_format, "audio/mpeg");
  assert.deepEqual(
    answer.timestamps.map((entry) => entry.word),
    ["Hello", "there."],
  );
  const voices = await (await fetch(`${process.env.PARLO_URL}/v1/audio/voices`)).json();
  assert.ok(voices.voices.some((entry) => entry.id === voice));
});
