// What programs written for ElevenLabs' speech to text do, by its own client.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";

const client = new ElevenLabsClient({ apiKey: "any", baseUrl: process.env.PARLO_URL });
const sample = new URL("../samples/the-scientists.flac", import.meta.url);
const sentence =
  "The scientists held off announcing their results until they repeated the experiment.";
const file = () => new Blob([fs.readFileSync(sample)], { type: "audio/flac" });
const convert = (more) =>
  client.speechToText.convert({ file: file(), modelId: "parlo/whisper-nano.en", ...more }, { maxRetries: 0 });

test("a recording is words and the spaces between them", async () => {
  const answer = await convert({ languageCode: "eng", tagAudioEvents: true });
  assert.equal(answer.text, sentence);
  assert.equal(answer.languageCode, "eng");
  assert.equal(answer.words.map((word) => word.text).join(""), sentence);
  let last = 0;
  for (const word of answer.words) {
    assert.ok(word.start >= last && word.end >= word.start && word.end <= answer.audioDurationSecs);
    last = word.start;
  }
  assert.deepEqual(new Set(answer.words.map((word) => word.type)), new Set(["word", "spacing"]));
});

test("characters have times where they are asked for, and nothing has where they are not", async () => {
  const characters = await convert({ timestampsGranularity: "character" });
  assert.deepEqual(characters.words[0].characters.map((one) => one.text), ["T", "h", "e"]);
  const none = await convert({ timestampsGranularity: "none" });
  assert.equal(none.text, sentence);
  assert.equal(none.words[0].start, undefined);
});

test("every channel has a transcript", async () => {
  const stereo = Buffer.alloc(44 + 2 * 2 * 16000);
  stereo.write("RIFF", 0);
  stereo.writeUInt32LE(stereo.length - 8, 4);
  stereo.write("WAVEfmt ", 8);
  stereo.writeUInt32LE(16, 16);
  stereo.writeUInt16LE(1, 20);
  stereo.writeUInt16LE(2, 22);
  stereo.writeUInt32LE(16000, 24);
  stereo.writeUInt32LE(64000, 28);
  stereo.writeUInt16LE(4, 32);
  stereo.writeUInt16LE(16, 34);
  stereo.write("data", 36);
  stereo.writeUInt32LE(stereo.length - 44, 40);
  const answer = await client.speechToText.convert({
    file: new Blob([stereo]),
    modelId: "scribe_v1",
    useMultiChannel: true,
  });
  assert.equal(answer.transcripts.length, 2);
  assert.deepEqual(answer.transcripts.map((one) => one.channelIndex), [0, 1]);
});

test("a wrong value is ElevenLabs' error of a wrong value", async () => {
  await assert.rejects(convert({ numSpeakers: 33 }), (error) => {
    assert.equal(error.constructor.name, "UnprocessableEntityError");
    assert.equal(error.statusCode, 422);
    return true;
  });
  await assert.rejects(convert({ diarize: true }), { statusCode: 404 });
});
