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
