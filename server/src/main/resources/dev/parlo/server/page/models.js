import { authorization, events, idPath, json, request } from "/page/api.js";
import { $, element, guarded, megabytes, options } from "/page/dom.js";

const TASKS = {
  "automatic-speech-recognition": "Transcribes",
  "text-to-speech": "Speaks",
  "voice-activity-detection": "Finds speech",
  "speaker-embedding": "Tells voices",
  "speaker-diarization": "Tells speakers",
};
const task = (model) => TASKS[model.task] ?? model.task;

let changed = () => {};

function row(name, ...parts) {
  return element("li", {}, element("span", { className: "name", textContent: name }), ...parts);
}

const hint = (text) => element("span", { className: "hint", textContent: text });
const button = (text, label, work) =>
  element("button", { type: "button", textContent: text, "aria-label": label, onclick: guarded(work) });

async function showLoaded() {
  const { details } = await json("/api/ps");
  const most = Math.max(1, ...details.map((model) => model.size_bytes));
  $("loaded").replaceChildren(...details.map((model) => row(model.id,
    hint([model.state, model.device, model.compute_type].filter((part) => part && part !== "none").join(", ")),
    element("meter", { min: 0, max: most, value: model.size_bytes, "aria-label": `Memory of ${model.id}` }),
    hint(model.size_bytes ? megabytes(model.size_bytes) : "no weights"),
    button("Unload", `Unload ${model.id}`, async () => {
      await request(`/api/ps/${idPath(model.id)}`, { method: "DELETE" });
      await refresh();
    }))));
  if (!details.length) $("loaded").replaceChildren(element("li", {}, hint("Nothing is loaded; the first request loads a model.")));
  return new Set(details.map((model) => model.id));
}

function showInstalled(models, loaded) {
  $("installed").replaceChildren(...models.map((model) => {
    const parts = [hint(`${task(model)}${model.size_bytes ? `, ${megabytes(model.size_bytes)}` : ""}`)];
    if (!loaded.has(model.id)) {
      parts.push(button("Load", `Load ${model.id}`, async () => {
        await request(`/api/ps/${idPath(model.id)}`, { method: "POST" });
        await refresh();
      }));
    }
    if (model.origin !== "built_in") {
      parts.push(button("Delete", `Delete ${model.id}`, async () => {
        if (!confirm(`Delete ${model.id} from disk?`)) return;
        await request(`/v1/models/${idPath(model.id)}`, { method: "DELETE" });
        await refresh();
      }));
    }
    return row(model.id, ...parts);
  }));
}

async function download(model, line) {
  const bar = element("progress", { max: 1, value: 0, "aria-label": `Download of ${model.id}` });
  const told = hint("waiting…");
  const stop = button("Cancel", `Cancel the download of ${model.id}`, async () => {
    await request(`/v1/downloads/${idPath(model.id)}`, { method: "DELETE" });
  });
  line.append(bar, told, stop);
  try {
    const response = await request(`/v1/models/${idPath(model.id)}`,
      { method: "POST", headers: { Accept: "text/event-stream", ...authorization() } });
    for await (const event of events(response)) {
      if (event.type === "download.progress") {
        bar.value = event.total_bytes ? event.bytes / event.total_bytes : 0;
        told.textContent = `${megabytes(event.bytes)} of ${megabytes(event.total_bytes)}`
          + (event.eta_seconds ? `, ${Math.ceil(event.eta_seconds)} s left` : "");
      } else if (event.error) {
        throw new Error(event.error.message);
      }
    }
    told.textContent = "Installed.";
    await refresh();
  } catch (failure) {
    told.textContent = "Not installed.";
    throw failure;
  } finally {
    bar.remove();
    stop.remove();
  }
}

async function search() {
  $("search-status").textContent = "Searching…";
  $("found").replaceChildren();
  const query = new URLSearchParams({ limit: "30" });
  if ($("search").value.trim()) query.set("q", $("search").value.trim());
  if ($("search-task").value) query.set("task", $("search-task").value);
  try {
    const { data, problems } = await json(`/v1/registry?${query}`);
    $("search-status").textContent = `${data.length} models${problems?.length ? ` (${problems.join(" ")})` : ""}`;
    $("found").replaceChildren(...data.map((model) => {
      const line = row(model.id, hint(task(model)));
      const get = button("Download", `Download ${model.id}`, async () => {
        get.remove();
        await download(model, line);
      });
      line.append(get);
      return line;
    }));
  } catch (failure) {
    $("search-status").textContent = "";
    throw failure;
  }
}

function suggestion(model) {
  const facts = [
    model.installed ? "installed" : `${megabytes(model.download_bytes)} to download`,
    `${megabytes(model.memory_bytes)} in memory${model.compute_type ? ` as ${model.compute_type}` : ""} on ${model.device}`,
    model.license ? `licence ${model.license}` : "licence not told",
  ];
  const line = row(model.id, hint(facts.join(", ")));
  if (!model.installed && model.fit !== "too_large") {
    const get = button("Download", `Download ${model.id}`, async () => {
      get.remove();
      await download(model, line);
    });
    line.append(get);
  }
  const more = element("div", { className: "more" }, hint(model.why));
  model.commands.forEach((command) => more.append(element("code", { textContent: command })));
  line.append(more);
  return line;
}

async function suggest() {
  $("suggest-status").textContent = "Looking…";
  $("suggested").replaceChildren();
  const query = new URLSearchParams({ task: $("suggest-task").value });
  for (const name of ["language", "memory"]) {
    const given = $(`suggest-${name}`).value.trim();
    if (given) query.set(name, given);
  }
  try {
    const found = await json(`/v1/registry/suggestions?${query}`);
    $("suggest-status").textContent = [
      found.advice ?? `Within ${megabytes(found.memory_bytes)} (${found.memory_source}).`,
      found.hub ? "" : "The Hub was not asked: these are the models on this machine.",
      ...(found.problems ?? []),
    ].filter(Boolean).join(" ");
    $("suggested").replaceChildren(...found.data.map(suggestion), ...found.too_large.map(suggestion));
  } catch (failure) {
    $("suggest-status").textContent = "";
    throw failure;
  }
}

/** Reads what is installed and loaded, and tells the other tabs. */
export async function refresh() {
  const { data } = await json("/v1/models");
  changed(data);
  showInstalled(data, await showLoaded());
}

export function start(listener) {
  changed = listener;
  options($("suggest-task"), Object.entries(TASKS));
  $("suggest-form").addEventListener("submit", guarded(suggest));
  $("search-form").addEventListener("submit", guarded(search));
}
