// A job: created, followed to its end, cancelled, deleted. Its address is `?job=…`, so a reload and a second tab show it.

import { byId } from "./elements.js";
import { change, isBook, selected, signature, sources, state } from "./model.js";
import { forget, remember } from "./recent.js";
import { wholeForm } from "./request.js";
import { ask, events, json, Problem } from "./service.js";
import { t } from "./words.js";

const SHOWN_ITEMS = 500;
const ENDED = /^(succeeded|partial|failed|cancelled|expired)$/;
let following = new AbortController();

export const hasEnded = (job) => ENDED.test(job.state);
export const finished = ({ total, counts }) => total - counts.queued - counts.running;

/** Sends the request and follows the job. `signal` ends the upload. */
export async function create(signal) {
  const asked = signature();
  const headers = { "Idempotency-Key": [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16)).join("-") };
  const job = await json("v1/jobs", { method: "POST", body: wholeForm(nameOf()), headers, signal });
  remember(job, labelOf());
  history.pushState({ job: job.id }, "", address(job.id));
  await follow(job.id, asked);
}

export const address = (id) => (id ? `?job=${encodeURIComponent(id)}` : location.pathname);

const stem = (name) => name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
/** The name of the job's archive. */
const nameOf = () => (sources().length === 1 ? stem(sources()[0].name).slice(0, 100) : "");

/** The name of the job in the list of recent work. */
function labelOf() {
  const [first] = sources();
  const title = (entry) => entry.edits.title ?? entry.check?.found?.metadata.title;
  if (isBook()) return title(state.book) || title(selected()) || first.name;
  return sources().length > 1 ? t("articles", sources().length) : title(first) || stem(first.name);
}

/** Shows the job and its events until it ends. Throws Problem, and AbortError when another job is shown. */
export async function follow(id, asked = null) {
  following.abort();
  const { signal } = (following = new AbortController());
  change({ result: null });
  const show = (most = 0) => look(id, asked, signal, most);
  await show();
  if (!hasEnded(state.result.job)) {
    change({ running: true });
    let looked = performance.now();
    for await (const event of events(id, signal)) {
      apply(event);
      if (/^item\.succeeded/.test(event.kind) && performance.now() - looked > 1000) {
        await show();
        looked = performance.now();
      }
    }
  }
  await show(SHOWN_ITEMS);
  remember(state.result.job);
  followDeliveries(id, signal).catch(unlessLeft);
  return state.result.job;
}

/** A job ends before its artifacts arrive where they are sent: asks, less and less often, until nothing is on its way. */
async function followDeliveries(id, signal) {
  const isUnderWay = () => state.result?.job.deliveries?.some((each) => each.state === "pending");
  for (let pause = 300; isUnderWay() && !signal.aborted; pause = Math.min(pause * 1.5, 60_000)) {
    await new Promise((later) => setTimeout(later, pause));
    const { deliveries } = await json(`v1/jobs/${encodeURIComponent(id)}`, { signal });
    if (JSON.stringify(deliveries) !== JSON.stringify(state.result.job.deliveries)) change({ result: { ...state.result, job: { ...state.result.job, deliveries } } });
  }
}

/** The page shows another job, or the server no longer has this one. */
function unlessLeft(error) {
  if (error.name !== "AbortError" && !(error instanceof Problem)) throw error;
}

/** The job with its items: the first hundred, and up to `most` when it has ended. */
async function look(id, asked, signal, most) {
  const job = await json(`v1/jobs/${encodeURIComponent(id)}`, { signal });
  const items = job.items;
  for (let next = job.next_items; next && items.length < most; ) {
    const page = await json(`v1/jobs/${id}/items?cursor=${encodeURIComponent(next)}`, { signal });
    items.push(...page.items);
    next = page.next;
  }
  const stages = state.result?.stages ?? {};
  change({ result: { job, items, left: job.total - items.length, stages, signature: asked } });
}

/** Applies an event: the state of an item, the counts, or the stage of a long document. */
function apply({ kind, data }) {
  const [subject, now] = kind.split(".");
  if (subject !== "item" || !state.result) return;
  const { job, items, stages } = state.result;
  const item = items.find((each) => each.id === data.item_id);
  if (now === "stage") return void change({ result: { ...state.result, stages: { ...stages, [data.item_id]: [...(stages[data.item_id] ?? []), data] } } });
  if (!item || item.state === now) return;
  const counts = { ...job.counts, [item.state]: job.counts[item.state] - 1, [now]: (job.counts[now] ?? 0) + 1 };
  const changed = { ...item, state: now, problem: data.problem ?? item.problem, started_at: now === "running" ? data.at : item.started_at };
  change({ result: { ...state.result, job: { ...job, counts }, items: items.map((each) => (each === item ? changed : each)) } });
}

/** Ends the job. Its finished files stay. */
export async function cancel() {
  const id = state.result?.job.id;
  if (id) await ask(`v1/jobs/${id}/cancel`, { method: "POST" });
}

/** Deletes the job and its files from the server, and from the list of recent work. */
export async function erase() {
  const { id } = state.result.job;
  following.abort();
  try {
    await ask(`v1/jobs/${id}`, { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof Problem) || ![404, 410].includes(error.document.status)) throw error;
  }
  forget(id);
  history.replaceState(null, "", address(null));
  change({ result: null, running: false });
  byId("files").focus();
}

/** Shows no job; the one before keeps running on the server. */
export function leave() {
  following.abort();
  change({ result: null, running: false, problem: null });
}
