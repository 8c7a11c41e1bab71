// Starts the page: the abilities of the server, the views, the language, and the job in the address.

import * as check from "./check.js";
import * as checkFile from "./check-file.js";
import * as convert from "./convert.js";
import * as delivery from "./delivery.js";
import { byId } from "./elements.js";
import * as fieldErrors from "./field-errors.js";
import * as fileTable from "./file-table.js";
import * as inputs from "./inputs.js";
import * as metadata from "./metadata.js";
import { change, sources, state, watch } from "./model.js";
import * as notices from "./notices.js";
import * as options from "./options.js";
import * as paste from "./paste.js";
import * as preview from "./preview.js";
import * as recent from "./recent.js";
import { command } from "./request.js";
import * as results from "./results.js";
import { json, keep, Problem } from "./service.js";
import { choose, preferred, reload, speak, t } from "./words.js";

function showCommand({ to }) {
  byId("script").hidden = !sources().length || !to.length;
  if (!byId("script").hidden) byId("curl").textContent = command();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(byId("curl").textContent);
    byId("copy").textContent = t("copied");
  } catch {
    getSelection().selectAllChildren(byId("curl")); // a clipboard requires https or localhost
    byId("copy").textContent = t("copyFailed");
  }
  setTimeout(() => (byId("copy").textContent = t("copy")), 2500);
}

async function learn() {
  try {
    const [formats, described, looks] = await Promise.all(["v1/formats", "v1/options", "v1/profiles"].map((path) => json(path)));
    const { properties, limits, job_fields: jobFields } = described;
    if (state.needsKey) reload();
    change({ ...formats, properties, limits, jobFields, profiles: looks.profiles, problem: null, needsKey: false });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    change({ problem: error.document });
  }
}

/** Leaves the files and the job: an empty page at its own address. */
function startAgain() {
  byId("text").value = "";
  history.pushState(null, "", location.pathname);
  change({ entries: [], book: { id: "book", edits: {}, check: null }, chosen: null });
  convert.open();
  byId("files").focus();
}

const VIEWS = [inputs, paste, fileTable, options, delivery, check, metadata, fieldErrors, notices, preview, results, recent, convert, checkFile];
for (const view of VIEWS) view.start();
watch(["entries", "to", "options", "delivery", "edited", "language", "needsKey", "checked"], showCommand);
byId("new").addEventListener("click", startAgain);
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => choose(button.dataset.language));
byId("copy").addEventListener("click", copy);
byId("key-input").addEventListener("change", (event) => {
  keep(event.target.value.trim());
  learn();
});
byId("form").hidden = false;
speak(preferred());
learn().then(convert.open);
