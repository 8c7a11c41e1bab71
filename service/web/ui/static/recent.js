// Recent work: the ids of jobs that this browser created, with the time until which the server keeps their files.

import { byId, h } from "./elements.js";
import { change, watch } from "./model.js";
import { t } from "./words.js";

const KEY = "colophon-recent";
const MOST = 20;

export function start() {
  watch(["language", "recent"], show);
  addEventListener("storage", (event) => event.key === KEY && change({ recent: null }));
}

/** [{id, label, to, total, at, expires}], the newest first, without those that the server has deleted by now. */
function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return found.filter(({ id, expires }) => typeof id === "string" && (!expires || Date.parse(expires) > Date.now()));
  } catch {
    return [];
  }
}

function write(entries) {
  if (entries.length) localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
  else localStorage.removeItem(KEY);
  change({ recent: null });
}

/** Adds a job, or the expiry of one that has ended. A job of another browser is not added without a label. */
export function remember(job, label = null) {
  const before = read().find(({ id }) => id === job.id);
  if (!before && label === null) return;
  const entry = { label, ...before, id: job.id, to: job.to, total: job.total, at: job.created_at, expires: job.expires_at };
  write([entry, ...read().filter(({ id }) => id !== job.id)]);
}

export const forget = (gone) => write(read().filter(({ id }) => id !== gone));

export const time = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));

function show() {
  const entries = read();
  byId("recent").hidden = !entries.length;
  byId("recent-list").replaceChildren(...entries.map(row));
}

function row({ id, label, to, at, expires }) {
  const formats = to.map((name) => name.toUpperCase()).join(", ");
  const until = expires ? t("until", time(expires)) : t("state.running");
  return h(
    "li",
    {},
    h("a", { href: `?job=${encodeURIComponent(id)}`, "data-job": id }, label || id),
    h("span", { class: "about" }, [formats, time(at), until].join(" · ")),
    h("button", { type: "button", class: "plain", "aria-label": t("forget", label || id), onclick: () => forget(id) }, "×"),
  );
}
