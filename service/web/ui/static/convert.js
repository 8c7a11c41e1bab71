// The conversion: the button, the state in words, the clock, and the address of the job.

import { byId, clock } from "./elements.js";
import { change, isBook, sources, state, watch } from "./model.js";
import * as jobs from "./jobs.js";
import { forget } from "./recent.js";
import { keep, Problem } from "./service.js";
import { has, t } from "./words.js";

let upload = null; // AbortController of the request that creates the job
let began = 0;

export function start() {
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    convert();
  });
  byId("cancel").addEventListener("click", cancel);
  watch(["entries", "to", "options", "language", "running", "checked", "result"], button);
  watch(["needsKey"], askForKey);
  watch(["running", "result"], title);
  watch(["running"], tick);
  setInterval(tick, 1000);
  addEventListener("popstate", () => open());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-job]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    open();
  });
}

function button({ to, running }) {
  const many = (isBook() ? 1 : sources().length) * to.length;
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

/** The title of the tab shows the progress of the job. */
function title({ running, result }) {
  const job = result?.job;
  const mark = !job ? (running ? "… " : "") : jobs.hasEnded(job) ? `${job.counts.succeeded === job.total ? "✓" : "!"} ` : `(${jobs.finished(job)}/${job.total}) `;
  document.title = `${mark}Colophon`;
}

/** Not in the live region: a clock is not read out each second. */
function tick() {
  const from = state.result?.job ? Date.parse(state.result.job.started_at ?? state.result.job.created_at) : began;
  byId("clock").textContent = state.running && from ? clock(Math.max(0, Date.now() - from) / 1000) : "";
}

async function convert() {
  if (state.running) return;
  if (!byId("key").hidden) keep(byId("key-input").value.trim());
  if (!sources().length) return refuse(state.entries.length ? "onlyAssets" : "nothing", byId("files"));
  if (!state.to.length) return refuse("noFormat", byId("formats").querySelector("input"));
  upload = new AbortController();
  began = Date.now();
  change({ running: true, problem: null, result: null });
  say(t("converting"));
  await shown(() => jobs.create(upload.signal));
}

function refuse(word, focus) {
  say(t(word));
  focus.focus();
}

/** Runs what shows a job, and reports how it ended. */
async function shown(run) {
  try {
    await run();
    change({ running: false });
    end(state.result);
    goToResults();
  } catch (error) {
    failed(error);
  }
}

/** An article that fails alone is the problem of the request. */
function end({ job, items }) {
  const only = job.total === 1 ? items[0] : null;
  change({ needsKey: false, problem: only?.problem ?? null });
  if (only?.state === "succeeded") say(t("done", only.artifacts.map((each) => each.name).join(", ")));
  else if (only?.problem) say("");
  else if (job.counts.cancelled) say(t("cancelledLeft", job.counts.succeeded, job.total));
  else say(`${t("progress", job.total, job.total)}: ${t(`state.${job.state}`)}`);
}

function failed(error) {
  if (error.name === "AbortError") return; // another job is shown now, or the upload was cancelled
  change({ running: false });
  if (!(error instanceof Problem)) throw error;
  say("");
  const { status } = error.document;
  if ([404, 410].includes(status)) forget(asked());
  change({ problem: error.document });
  if (status !== 401) goToResults();
}

function goToResults() {
  byId("results-title").focus({ preventScroll: true });
  byId("results").scrollIntoView({ block: "start" });
}

/** A created job ends with an event, which `follow` waits for. */
async function cancel() {
  byId("convert").focus();
  if (state.result) return jobs.cancel().catch(failed);
  upload?.abort();
  change({ running: false });
  say(t("cancelled"));
}

const asked = () => new URLSearchParams(location.search).get("job");

/** Shows the job in the address, if there is one. */
export async function open() {
  const id = asked();
  if (!id) return jobs.leave();
  change({ problem: null });
  document.body.classList.toggle("at-job", !state.entries.length);
  if (!state.entries.length) byId("form").before(byId("results"));
  await shown(() => jobs.follow(id));
}
