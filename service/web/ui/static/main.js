// Starts the page: what the server can do, the views, and the language.

import * as check from "./check.js";
import * as checkFile from "./check-file.js";
import * as convert from "./convert.js";
import { byId } from "./elements.js";
import * as inputs from "./inputs.js";
import * as metadata from "./metadata.js";
import { change, sources, watch } from "./model.js";
import * as notices from "./notices.js";
import * as options from "./options.js";
import { command } from "./request.js";
import * as results from "./results.js";
import { json, keep, Problem } from "./service.js";
import { choose, preferred, speak, t } from "./words.js";

function showCommand({ to }) {
  byId("script").hidden = !sources().length || !to.length;
  if (!byId("script").hidden) byId("curl").textContent = command();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(byId("curl").textContent);
    byId("copy").textContent = t("copied");
  } catch {
    getSelection().selectAllChildren(byId("curl")); // no clipboard but over https or on this very machine
    byId("copy").textContent = t("copyFailed");
  }
  setTimeout(() => (byId("copy").textContent = t("copy")), 2500);
}

async function learn() {
  try {
    const [formats, described, looks] = await Promise.all(["v1/formats", "v1/options", "v1/profiles"].map((path) => json(path)));
    const { properties, limits } = described;
    change({ ...formats, properties, limits, profiles: looks.profiles, problem: null, needsKey: false });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    change({ problem: error.document });
  }
}

for (const view of [inputs, options, check, metadata, notices, results, convert, checkFile]) view.start();
watch(["entries", "to", "options", "edited", "language", "needsKey"], showCommand);
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => choose(button.dataset.language));
byId("copy").addEventListener("click", copy);
byId("key-input").addEventListener("change", (event) => {
  keep(event.target.value.trim());
  learn();
});
byId("form").hidden = false;
speak(preferred());
learn();
