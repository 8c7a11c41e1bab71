// The page in the reader's language: every sentence of ours is in one of two tables; what the server says is English.

import { change, state } from "./model.js";
import { EN } from "./words-en.js";
import { ZH } from "./words-zh.js";

const TABLES = { en: EN, zh: ZH };
const TAGS = { en: "en", zh: "zh-Hans" };
const KEPT = "colophon-language";

/** The words under `name`, with {0}, {1} filled in; English stands in, then the name itself. */
export function t(name, ...values) {
  const text = TABLES[state.language][name] ?? EN[name] ?? name;
  return text.replace(/\{(\d)\}/g, (_, index) => values[index] ?? "");
}

export const has = (name) => name in TABLES[state.language];

/** "1 file", "3 files": `name.one` where the language tells them apart. */
export const count = (name, number) => t(number === 1 && has(`${name}.one`) ? `${name}.one` : name, number);

export function preferred() {
  const kept = localStorage.getItem(KEPT);
  if (kept in TABLES) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in TABLES) || "en";
}

export function speak(language) {
  change({ language });
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
