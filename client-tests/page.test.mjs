// The page at / in a real browser, with a file for a microphone. CHROMIUM names the browser; without one these are
// skipped. SCREENSHOTS names a folder for pictures of the page.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";

const url = process.env.PARLO_URL;
const executable = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"]
  .find((file) => file && fs.existsSync(file));
const skip = executable ? false : "NO BROWSER: install Chromium, or name one in CHROMIUM";
if (skip) console.error(skip);

const sample = new URL("../samples/the-scientists.flac", import.meta.url).pathname;
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "parlo-page-"));
let browser;

/** A sentence and two seconds of silence, which the browser plays into the microphone over and over. */
async function microphone() {
  const answer = await fetch(`${url}/v1/audio/speech`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "espeak-ng/espeak-ng", voice: "en-us", sample_rate: 48000, response_format: "pcm", stream: false,
      input: "The scientists held off announcing their results until they repeated the experiment.",
    }),
  });
  const samples = Buffer.concat([Buffer.from(await answer.arrayBuffer()), Buffer.alloc(2 * 2 * 48000)]);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(48000, 24);
  head.writeUInt32LE(96000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  const file = path.join(folder, "microphone.wav");
  fs.writeFileSync(file, Buffer.concat([head, samples]));
  return file;
}

before(async () => {
  if (skip) return;
  browser = await chromium.launch({
    executablePath: executable,
    args: [
      "--no-sandbox",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${await microphone()}`,
    ],
  });
});

after(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The page in a context of its own; whatever it complains about, or asks of other servers, fails the test. */
async function open(options = {}, check = true) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, permissions: ["microphone"], acceptDownloads: true, ...options,
  });
  const page = await context.newPage();
  page.complaints = [];
  if (check) {
    page.on("console", (message) => {
      if (message.type() === "error") page.complaints.push(message.text());
    });
    page.on("pageerror", (error) => page.complaints.push(error.stack));
    page.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).host !== new URL(url).host) {
        page.complaints.push(`asked ${request.url()}`);
      }
    });
  }
  await page.goto(url);
  await page.waitForFunction(() => document.querySelectorAll("#stt-model option").length > 0);
  return page;
}

async function close(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

async function downloaded(page, action) {
  const [download] = await Promise.all([page.waitForEvent("download"), action()]);
  return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

async function transcribed(page) {
  await page.setInputFiles("#file", sample);
  await page.click("#transcribe-start");
  await page.waitForFunction(() => document.querySelector("#transcribe-status").textContent === "Done.");
}

test("a recording becomes segments that can be heard and downloaded", { skip }, async () => {
  const page = await open();
  await transcribed(page);
  assert.match(await page.textContent("#segments"), /The scientists held off announcing their results/);
  await page.locator("#segments .words span").nth(4).click();
  await page.waitForFunction(() => document.querySelector("#player").currentTime > 0.3);
  const button = (format) => () => page.click(`[data-download=${format}]`);
  const srt = await downloaded(page, button("srt"));
  assert.equal(srt.name, "transcript.srt");
  assert.match(srt.bytes.toString(), /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nThe scientists/);
  assert.match((await downloaded(page, button("vtt"))).bytes.toString(), /^WEBVTT\n\n00:00:0/);
  assert.match((await downloaded(page, button("txt"))).bytes.toString(), /^The scientists .*\.\n$/s);
  const told = JSON.parse((await downloaded(page, button("json"))).bytes.toString());
  assert.ok(told.segments[0].words.length > 5);
  await close(page);
});

test("the microphone is recorded and transcribed", { skip }, async () => {
  const page = await open();
  await page.click("#record");
  await page.waitForTimeout(4000);
  await page.click("#record");
  await page.waitForFunction(() => !document.querySelector("#transcribe-start").disabled);
  await page.click("#transcribe-start");
  await page.waitForFunction(() => document.querySelector("#transcribe-status").textContent === "Done.");
  assert.ok((await page.textContent("#segments")).length > 10);
  await close(page);
});

test("a text is spoken while it is made, its words are marked, and the file can be had", { skip }, async () => {
  const page = await open();
  await page.click("#tab-speak");
  await page.fill("#text", "Good morning. This is a short sentence, and here is another one.");
  await page.click("#speak-start");
  await page.waitForSelector("#spoken .now");
  await page.waitForFunction(() => /^Done/.test(document.querySelector("#speak-status").textContent), null,
    { timeout: 30_000 });
  assert.equal(await page.textContent("#spoken"), "Good morning. This is a short sentence, and here is another one.");
  const drawn = await page.evaluate(() => {
    const canvas = document.querySelector("#wave");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  });
  assert.ok(drawn);
  const file = await downloaded(page, () => page.click("#speak-save"));
  assert.equal(file.name, "speech.mp3");
  assert.ok(file.bytes.length > 10_000);
  await page.click("#sample");
  await close(page);
});

test("captions come while the microphone is heard", { skip }, async () => {
  const page = await open();
  await page.click("#tab-talk");
  await page.click("#talk-start");
  await page.waitForFunction(() => document.querySelector("#level").value > 0.05, null, { timeout: 15_000 });
  await page.waitForFunction(() => document.querySelectorAll("#captions p").length > 0
    && document.querySelector("#captions .open").textContent === ""
    && document.querySelector("#captions").textContent.length > 20, null, { timeout: 40_000 });
  await page.click("summary:has-text('Event log')");
  assert.match(await page.textContent("#events"), /speech_started.*final/s);
  await page.click("#talk-stop");
  await page.waitForSelector("#talk-start:visible");
  await close(page);
});

test("a conversation is heard and answered aloud", { skip }, async () => {
  const page = await open();
  await page.click("#tab-talk");
  await page.check("#mode-conversation");
  await page.click("#talk-start");
  await page.waitForFunction(() => /Answer.*I heard you well/s.test(document.querySelector("#captions").textContent), null,
    { timeout: 60_000 });
  assert.match(await page.textContent("#captions"), /You/);
  await page.waitForFunction(() => /response\.output_audio\.delta/.test(document.querySelector("#events").textContent),
    null, { timeout: 30_000 });
  await page.click("#talk-stop");
  await close(page);
});

test("models are shown, unloaded and loaded", { skip }, async () => {
  const page = await open();
  await transcribed(page);
  await page.click("#tab-models");
  const unload = page.getByRole("button", { name: "Unload parlo/whisper-nano.en" });
  await unload.waitFor();
  assert.ok(await page.locator("#loaded meter").count() > 0);
  await unload.click();
  const load = page.getByRole("button", { name: "Load parlo/whisper-nano.en", exact: true });
  await load.click();
  await unload.waitFor();
  await close(page);
});

test("a download shows how far it is", { skip }, async () => {
  const page = await open();
  await page.route("**/v1/registry?*", (route) => route.fulfill({
    json: { data: [{ id: "Acme/tiny", task: "automatic-speech-recognition" }], object: "list", problems: [] },
  }));
  const progress = { type: "download.progress", id: "Acme/tiny", bytes: 5e6, total_bytes: 1e7, eta_seconds: 3 };
  await page.route("**/v1/models/Acme/tiny", (route) => route.fulfill({
    contentType: "text/event-stream",
    body: `data: ${JSON.stringify(progress)}\n\ndata: {"type":"download.done","id":"Acme/tiny"}\n\n`,
  }));
  await page.click("#tab-models");
  await page.fill("#search", "tiny");
  await page.press("#search", "Enter");
  await page.getByRole("button", { name: "Download Acme/tiny" }).click();
  await page.waitForSelector("#found >> text=Installed.");
  await close(page);
});

test("models that fit are suggested with their reasons, and what is said of them is text", { skip }, async () => {
  const page = await open();
  await page.click("#tab-models");
  await page.selectOption("#suggest-task", "automatic-speech-recognition");
  await page.fill("#suggest-language", "English");
  await page.fill("#suggest-memory", "2GB");
  await page.press("#suggest-memory", "Enter");
  await page.waitForSelector("#suggested >> text=parlo/whisper-nano.en", { timeout: 60_000 });
  assert.match(await page.textContent("#suggest-status"), /Within 2\.0 GB \(as asked\)/);
  assert.match(await page.textContent("#suggested"), /installed.*with room for its work.*made for English.*parlo transcribe/s);
  const hostile = "<img src=x onerror=alert(1)>";
  await page.route("**/v1/registry/suggestions?*", (route) => route.fulfill({
    json: {
      hub: false, memory_bytes: 1e9, memory_source: hostile, too_large: [],
      data: [{ id: hostile, installed: false, fit: "tight", download_bytes: 1e30, memory_bytes: -1, device: "cpu",
        license: hostile, why: hostile, commands: [hostile] }],
    },
  }));
  await page.press("#suggest-memory", "Enter");
  await page.waitForSelector("#suggested code");
  await page.waitForFunction((text) => document.querySelector("#suggested code").textContent === text, hostile);
  assert.equal(await page.locator("#models img, #models script").count(), 0);
  await close(page);
});

test("what servers and models say is text, whatever it looks like", { skip }, async () => {
  const page = await open();
  const hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  await page.route("**/v1/audio/transcriptions", (route) => route.fulfill({
    contentType: "text/event-stream",
    body: `data: ${JSON.stringify({
      type: "transcript.text.segment", id: hostile, start: 0, end: 1, text: hostile, speaker: hostile,
      words: [{ word: hostile, start: 0, end: 1 }],
    })}\n\n`,
  }));
  await page.setInputFiles("#file", sample);
  await page.click("#transcribe-start");
  await page.waitForSelector("#segments li");
  assert.equal(await page.locator("#segments img, #segments script").count(), 0);
  assert.equal(await page.textContent("#segments .speaker"), hostile);
  await page.unroute("**/v1/audio/transcriptions");
  await page.route("**/v1/audio/transcriptions", (route) => route.fulfill({
    status: 429, json: { error: { message: hostile } },
  }));
  page.removeAllListeners("console"); // the browser tells of the status itself
  await page.click("#transcribe-start");
  await page.waitForSelector("#notice:visible");
  assert.equal(await page.textContent("#notice"), hostile);
  await close(page);
});

test("the key is sent with every request and kept in the browser", { skip }, async () => {
  const page = await open();
  await page.click("#access summary");
  await page.fill("#key", "my key");
  const [request] = await Promise.all([
    page.waitForRequest("**/v1/models"),
    page.click("#key-form [type=submit]"),
  ]);
  assert.equal(request.headers().authorization, "Bearer my key");
  await page.reload();
  assert.equal(await page.inputValue("#key"), "my key");
  await close(page);
});

test("everything can be reached by the keyboard", { skip }, async () => {
  const page = await open();
  await page.focus("#tab-transcribe");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-speak");
  assert.ok(await page.isVisible("#speak"));
  await page.keyboard.press("End");
  assert.ok(await page.isVisible("#models"));
  await page.keyboard.press("Home");
  const reached = new Set();
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id));
  }
  for (const id of ["file", "record", "stt-model", "language", "task", "speakers"]) assert.ok(reached.has(id), id);
  await close(page);
});

for (const [name, viewport] of [["wide", { width: 1280, height: 900 }], ["phone", { width: 390, height: 844 }]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`nothing is hard to see or to use: ${name}, ${colorScheme}`, { skip }, async () => {
      const page = await open({ viewport, colorScheme, bypassCSP: true }, false);
      await transcribed(page);
      await page.addScriptTag({ content: axe });
      for (const tab of ["speak", "talk", "models", "transcribe"]) {
        await page.click(`#tab-${tab}`);
        if (tab === "models") await page.waitForSelector("#loaded li");
        const { violations } = await page.evaluate(() => window.axe.run());
        const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${tab} is ${wider} px too wide`);
        if (process.env.SCREENSHOTS && ((name === "wide" && tab === "transcribe") || (name === "phone" && tab === "speak"))) {
          if (tab === "speak") {
            await page.click("#speak-start");
            await page.waitForSelector("#spoken .now");
          }
          await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `page-${name}-${colorScheme}.png`) });
          if (tab === "speak") await page.click("#speak-stop");
        }
      }
      await page.context().close();
    });
  }
}
