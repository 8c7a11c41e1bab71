// Converts: one article while you wait, many as a job that is followed to its end.

import { byId } from "./elements.js";
import { change, isJob, sources, state, watch } from "./model.js";
import { form, wholeForm } from "./request.js";
import { pictured } from "./artifacts.js";
import { ask, events, json, keep, Problem } from "./service.js";
import { has, t } from "./words.js";

const SHOWN_ITEMS = 500;
let current = null; // {abort, job}

export function start() {
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    convert();
  });
  byId("cancel").addEventListener("click", cancel);
  watch(["entries", "to", "options", "language", "running"], button);
  watch(["needsKey"], askForKey);
}

function button({ to, options, running }) {
  const many = (options.combine ? 1 : sources().length) * to.length;
  const name = has(`format.${to[0]}`) ? t(`format.${to[0]}`) : (to[0] ?? "");
  byId("convert").textContent = many > 1 ? t("convertMany", many) : sources().length && to.length ? t("convertTo", name) : t("convert");
  byId("convert").setAttribute("aria-disabled", String(running));
  byId("cancel").hidden = !running;
}

function askForKey({ needsKey }) {
  byId("key").hidden = !needsKey;
  if (needsKey) byId("key-input").focus();
}

const say = (text) => (byId("status").textContent = text);

async function convert() {
  if (state.running) return;
  if (!byId("key").hidden) keep(byId("key-input").value.trim());
  if (!sources().length) return refuse("nothing", "files");
  if (!state.to.length) return refuse("noFormat", null);
  current = { abort: new AbortController(), job: null };
  change({ running: true, problem: null, result: null, picture: null });
  say(t("converting"));
  try {
    await (isJob() ? manyArticles(current) : oneArticle(current));
    change({ needsKey: false });
    byId("results-title").focus();
  } catch (error) {
    failed(error);
  } finally {
    change({ running: false });
  }
}

function refuse(word, focus) {
  say(t(word));
  (focus ? byId(focus) : byId("formats").querySelector("input")).focus();
}

function failed(error) {
  if (error.name === "AbortError") return say(t("cancelled"));
  if (!(error instanceof Problem)) throw error;
  say("");
  change({ problem: error.document });
  if (error.document.status !== 401) byId("results-title").focus();
}

async function oneArticle({ abort }) {
  const { signal } = abort;
  const headers = { Accept: "application/json" };
  const report = await json("v1/convert", { method: "POST", body: wholeForm(), headers, signal });
  change({ result: { report }, picture: {} });
  say(t("done", report.artifacts.map((each) => each.name).join(", ")));
  pictured("v1/preview", { method: "POST", body: form(sources()), signal }).then((picture) => {
    if (state.result?.report === report) change({ picture });
    else if (picture.url) URL.revokeObjectURL(picture.url);
  }, () => {});
}

async function manyArticles(run) {
  const { signal } = run.abort;
  const headers = { "Idempotency-Key": [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16)).join("-") };
  const job = await json("v1/jobs", { method: "POST", body: wholeForm(), headers, signal });
  run.job = job.id;
  await look(job.id, signal);
  let looked = performance.now();
  for await (const event of events(job.id, signal)) {
    follow(event);
    if (/^item\.succeeded/.test(event.kind) && performance.now() - looked > 1000) {
      await look(job.id, signal);
      looked = performance.now();
    }
  }
  await look(job.id, signal, SHOWN_ITEMS);
  const { state: end, total } = state.result.job;
  say(`${t("progress", total, total)}: ${t(`state.${end}`)}`);
}

/** The job with its items as they are, files and all: the first hundred, and up to `most` when it has ended. */
async function look(id, signal, most = 0) {
  const job = await json(`v1/jobs/${id}`, { signal });
  const items = job.items;
  for (let next = job.next_items; next && items.length < most; ) {
    const page = await json(`v1/jobs/${id}/items?cursor=${encodeURIComponent(next)}`, { signal });
    items.push(...page.items);
    next = page.next;
  }
  change({ result: { job, items, left: job.total - items.length } });
}

/** What an event says, at once: the state of its item, and the counts. */
function follow({ kind, data }) {
  const [subject, now] = kind.split(".");
  if (subject !== "item" || !state.result?.job) return;
  const { job, items, left } = state.result;
  const item = items.find((each) => each.id === data.item_id);
  if (!item || item.state === now) return;
  const counts = { ...job.counts, [item.state]: job.counts[item.state] - 1, [now]: (job.counts[now] ?? 0) + 1 };
  const changed = { ...item, state: now, problem: data.problem ?? item.problem };
  change({ result: { job: { ...job, counts }, items: items.map((each) => (each === item ? changed : each)), left } });
}

function cancel() {
  if (!current) return;
  current.abort.abort();
  if (current.job) erase(current.job);
  byId("convert").focus();
}

/** Ends the job. Its files are gone with it, and the page says so. */
async function erase(id) {
  try {
    await ask(`v1/jobs/${id}`, { method: "DELETE" });
  } catch (error) {
    if (error.document?.status !== 404) return;
  }
  if (state.result?.job?.id !== id) return;
  const ended = (item) => (/queued|running/.test(item.state) ? { ...item, state: "cancelled" } : item);
  const items = state.result.items.map(ended);
  change({ result: { ...state.result, items, job: { ...state.result.job, state: "cancelled" }, erased: true } });
}
