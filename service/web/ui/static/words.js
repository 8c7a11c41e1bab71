// The language of the page. The texts of the page are in two tables; those of codes come from the message catalogue.

import { change, state } from "./model.js";
import { json } from "./service.js";
import { EN } from "./words-en.js";
import { ZH } from "./words-zh.js";

const TABLES = { en: EN, zh: ZH };
const TAGS = { en: "en", zh: "zh-Hans" };
const KEPT = "colophon-language";

/** The text of `name`, with {0}, {1} filled in. A missing text is in English, or is the name itself. */
export function t(name, ...values) {
  const text = TABLES[state.language][name] ?? state.messages[name] ?? EN[name] ?? name;
  return text.replace(/\{(\d)\}/g, (_, index) => values[index] ?? "");
}

export const has = (name) => name in TABLES[state.language] || name in state.messages;

/** The catalogue in both languages: in Chinese, an English message is compared with the English text of its code. */
const catalogues = {};

async function catalogue(language) {
  catalogues[language] ??= json(`v1/messages?language=${language}`).then(
    (found) => found.messages,
    () => ((catalogues[language] = null), {}),
  );
  return (await catalogues[language]) ?? {};
}

async function load(language) {
  const [messages, english] = await Promise.all([catalogue(language), catalogue("en")]);
  const notices = Object.entries(english).filter(([name]) => name.startsWith("notice."));
  const meanings = Object.fromEntries(notices.map(([name, text]) => [name.slice("notice.".length), text]));
  if (state.language === language) change({ messages, meanings, language });
}

/** Loads the catalogue again, for example with a key. */
export const reload = () => load(state.language);

/** "1 file", "3 files": `name.one` where the language has a singular. */
export const count = (name, number) => t(number === 1 && has(`${name}.one`) ? `${name}.one` : name, number);

export function preferred() {
  const kept = localStorage.getItem(KEPT);
  if (kept in TABLES) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in TABLES) || "en";
}

export function speak(language) {
  change({ language, messages: {} });
  load(language);
  document.documentElement.lang = TAGS[language];
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
}

export function choose(language) {
  localStorage.setItem(KEPT, language);
  speak(language);
}
