import { apiKey } from "/page/api.js";
import { $, guarded, options } from "/page/dom.js";
import * as models from "/page/models.js";
import * as speak from "/page/speak.js";
import * as talk from "/page/talk.js";
import * as transcribe from "/page/transcribe.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

function open(tab, focus) {
  for (const other of tabs) {
    const is = other === tab;
    other.setAttribute("aria-selected", String(is));
    other.tabIndex = is ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = !is;
  }
  if (focus) tab.focus();
  history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
  if (tab.id === "tab-models") refresh();
}

for (const [i, tab] of tabs.entries()) {
  tab.addEventListener("click", () => open(tab, false));
  tab.addEventListener("keydown", ({ key }) => {
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[key];
    if (to !== undefined) open(tabs[(to + tabs.length) % tabs.length], true);
  });
}

const refresh = guarded(models.refresh);

$("key").value = apiKey.get();
$("key-form").addEventListener("submit", guarded(async () => {
  apiKey.set($("key").value.trim());
  $("access").open = false;
  await models.refresh();
}));
$("key-show").addEventListener("click", () => {
  const shown = $("key").type === "text";
  $("key").type = shown ? "password" : "text";
  $("key-show").setAttribute("aria-pressed", String(!shown));
});

transcribe.start();
speak.start();
talk.start();
models.start((all) => {
  const listening = all.filter((model) => model.task === "automatic-speech-recognition");
  options($("stt-model"), listening.map((model) => [model.id, model.id]), $("stt-model").value);
  speak.show(all);
  talk.show(all);
});

const asked = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
if (asked) open(asked, false);
refresh();
