// Requests to the service: responses, problems, and the API key where the server requires one.

import { change } from "./model.js";

const KEY = "colophon-key";
const LARGEST_BUFFER = 1_000_000; // characters of one event

/** A problem document of the service (RFC 9457), or one of the page in the same shape. */
export class Problem extends Error {
  constructor(document) {
    super(document.detail || document.title);
    this.document = document;
  }
}

export const key = () => sessionStorage.getItem(KEY) || "";
export const keep = (text) => (text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY));
/** An address next to this page, behind any proxy. */
export const address = (path) => new URL(path, document.baseURI).href;
/** A link of the service, reduced to its path: behind a proxy, its host may be another. */
export const local = (url) => address(new URL(url, document.baseURI).pathname.replace(/^\/+(?=v1\/)/, ""));

/** The response. Throws Problem, or AbortError after `signal`. */
export async function ask(path, { headers = {}, ...rest } = {}) {
  if (key()) headers = { Authorization: `Bearer ${key()}`, ...headers };
  let response;
  try {
    response = await fetch(address(path), { headers, ...rest });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ code: "unreachable", status: 0 });
  }
  if (response.ok) return response;
  if (response.status === 401) change({ needsKey: true });
  throw new Problem(await problemOf(response));
}

async function problemOf(response) {
  try {
    const found = await response.json();
    return { code: "", ...found, status: response.status };
  } catch {
    return { code: "", title: response.statusText || `HTTP ${response.status}`, status: response.status };
  }
}

export const json = async (path, init) => (await ask(path, init)).json();

/** Server-Sent Events of a job, each as {id, kind, data}; resumes after a lost connection and ends with the job. */
export async function* events(job, signal) {
  let last = "";
  let ended = false;
  for (let lost = 0; lost < 20; ) {
    const response = await ask(`v1/jobs/${job}/events`, { headers: last ? { "Last-Event-ID": last } : {}, signal });
    if (response.status === 204) return;
    try {
      for await (const event of parsed(response.body)) {
        last = event.id;
        lost = 0;
        yield event;
        ended = /^job\.(succeeded|partial|failed|cancelled)$/.test(event.kind);
      }
    } catch (error) {
      if (error.name === "AbortError" || error instanceof Problem) throw error;
    }
    if (ended) return;
    lost += 1;
    await new Promise((done) => setTimeout(done, 1000));
  }
  throw new Problem({ code: "unreachable", status: 0 });
}

async function* parsed(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || text.length > LARGEST_BUFFER) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const event = fields(block);
        if (event.id) yield { id: event.id, kind: event.event, data: JSON.parse(event.data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function fields(block) {
  const lines = block.split("\n").map((line) => line.match(/^(\w+): ?(.*)$/));
  return Object.fromEntries(lines.filter(Boolean).map(([, name, value]) => [name, value]));
}

/** Saves the target of a link with a request, because a plain link cannot carry the key. */
export function download(event, url, name) {
  if (!key()) return;
  event.preventDefault();
  ask(url)
    .then((response) => response.blob())
    .then((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    })
    .catch((error) => change({ problem: error.document || null }));
}
