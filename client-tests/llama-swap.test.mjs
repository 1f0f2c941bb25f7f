// The life of a server under llama-swap, by the requests that it makes: started with a port, asked for its health
// until that is exactly 200, used, and ended by SIGTERM, with SIGKILL ten seconds later.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import test from "node:test";

const parlo = process.env.PARLO ?? new URL("../parlo", import.meta.url).pathname;
const sample = new URL("../samples/a-miracle.flac", import.meta.url);
const seconds = (n) => new Promise((done) => setTimeout(done, n * 1000));

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function start(checkEndpoint) {
  const port = await freePort();
  const server = spawn(parlo, ["serve", "--host", "127.0.0.1", "--port", String(port)], {
    env: { ...process.env, SHUTDOWN_TIMEOUT: "5" },
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise((done) => server.once("exit", (code) => done(code)));
  const url = `http://127.0.0.1:${port}`;
  await seconds(0.25);
  for (let tries = 0; tries < 120; tries++) {
    assert.equal(server.exitCode, null, "the server ended before it was ready");
    const status = await fetch(url + checkEndpoint).then((r) => r.status, () => 0);
    if (status === 200) break;
    assert.equal(status, 0, "before it is ready nothing but a refused connection is expected");
    await seconds(1);
  }
  // To the group, as llama-swap does: the launcher replaces itself by Java, or passes it on.
  const terminate = () => process.kill(-server.pid, "SIGTERM");
  return { url, ended, terminate };
}

for (const checkEndpoint of ["/health", "/v1/audio/transcriptions", "/v1/audio/transcriptions/"]) {
  test(`is ready by checkEndpoint ${checkEndpoint}, answers, and ends by SIGTERM`, async () => {
    const { url, ended, terminate } = await start(checkEndpoint);
    try {
      assert.equal((await fetch(`${url}/`)).status, 200);
      const form = new FormData();
      form.append("response_format", "json"); // fields in any order, files behind them
      form.append("model", "parlo/whisper-nano.en");
      form.append("file", new Blob([fs.readFileSync(sample)]), "a-miracle.flac");
      const answer = await fetch(`${url}/v1/audio/transcriptions`, { method: "POST", body: form });
      assert.match((await answer.json()).text, /performed a miracle/);
    } finally {
      terminate();
    }
    assert.equal(await ended, 0);
  });
}

test("ends within the ten seconds before SIGKILL, also in the middle of a stream", async () => {
  const { url, ended, terminate } = await start("/health");
  const speech = await fetch(`${url}/v1/audio/speech`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "espeak-ng/espeak-ng",
      voice: "en-us",
      response_format: "pcm",
      input: "One, two, three, four, five, six, seven, eight, nine. ".repeat(3000),
    }),
  });
  const reader = speech.body.getReader();
  await reader.read(); // and no more: the stream cannot end by itself
  const asked = Date.now();
  terminate();
  assert.equal(await ended, 0);
  assert.ok(Date.now() - asked < 10_000, `it took ${Date.now() - asked} ms`);
  await reader.cancel().catch(() => {});
});
