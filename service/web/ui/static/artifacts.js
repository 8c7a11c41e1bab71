// An artifact as a link to it, and as a picture of its first page.

import { h } from "./elements.js";
import { ask, download, local } from "./service.js";
import { t } from "./words.js";

const WIDTH = 640; // pixels of a preview: sharp at 320 on a fine screen

export function downloadLink(artifact, style, text = t("download")) {
  const url = local(artifact.url);
  return h(
    "a",
    {
      class: style, href: url, download: artifact.name,
      "aria-label": t("downloadName", artifact.name), onclick: (event) => download(event, url, artifact.name),
    },
    text,
  );
}

/** A picture as {url}, or {failed} where the service makes none of this. */
export async function pictured(path, init = {}) {
  try {
    const response = await ask(`${path}?width=${WIDTH}`, init);
    return { url: URL.createObjectURL(await response.blob()) };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { failed: true };
  }
}
