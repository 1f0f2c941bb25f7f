// Requests to the server this page came from. Whatever comes back is shown as text, never as HTML.
const KEY = "parlo_api_key";

export const apiKey = {
  get() {
    try { return localStorage.getItem(KEY) ?? ""; } catch { return ""; }
  },
  set(value) {
    try { localStorage.setItem(KEY, value); } catch { /* a browser that keeps nothing */ }
  },
};

export function authorization() {
  const key = apiKey.get();
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** The sentence of an error's body, whichever of its shapes it has. */
export function sentence(body, status) {
  try {
    const parsed = JSON.parse(body);
    if (typeof parsed.error?.message === "string") return parsed.error.message;
    if (typeof parsed.detail === "string") return parsed.detail;
    if (typeof parsed.message === "string") return parsed.message;
  } catch { /* not JSON */ }
  return body.slice(0, 300) || `The server answered ${status}.`;
}

export async function request(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...options.headers, ...authorization() } });
  if (!response.ok) throw new Error(sentence(await response.text(), response.status));
  return response;
}

export async function json(path, options) {
  return (await request(path, options)).json();
}

export function post(path, body, headers = {}) {
  return { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** The data of server-sent events while they come. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.startsWith("data: ")) yield JSON.parse(event.slice(6));
    }
  }
}

/** A WebSocket of this server; a browser can bring the key in the address only. */
export function socket(path, parameters) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "" && value !== undefined) url.searchParams.set(name, value);
  }
  if (apiKey.get()) url.searchParams.set("api_key", apiKey.get());
  return new WebSocket(url);
}

/** An id in a path: its slash stays one. */
export function idPath(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}
