// Against a running service: COLOPHON_URL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Colophon, Problem } from "../dist/index.js";

const colophon = new Colophon(process.env.COLOPHON_URL);
const article = { name: "闸门.md", data: "---\ntitle: The lock\n---\n\nThe lock opens at eight.\n" };

test("converts an article", async () => {
  const made = await colophon.convert(article, "epub", { toc: true });
  assert.equal(made.name, "闸门.epub");
  assert.equal(made.mediaType, "application/epub+zip");
  assert.equal(made.notices, 1);
  assert.equal(Buffer.from(await made.data.arrayBuffer()).subarray(0, 2).toString(), "PK");
});

test("several targets are one zip, and an asset is found", async () => {
  const picture = { name: "dial.svg", data: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' };
  const made = await colophon.convert({ name: "a.md", data: "# A\n\n![d](dial.svg)\n" }, ["epub", "html"], {}, [picture]);
  assert.equal(made.mediaType, "application/zip");
});

test("validates", async () => {
  const found = await colophon.validate(article);
  assert.equal(found.metadata.title, "The lock");
  assert.deepEqual(found.notices.map((each) => each.code), ["lang-detected"]);
});

test("makes a job and downloads its artifacts", async () => {
  const job = await colophon.createJob([article, { name: "two.md", data: "# Two\n\nText.\n" }], ["html"], {}, "lock-1");
  assert.equal((await colophon.createJob([article, { name: "two.md", data: "# Two\n\nText.\n" }], ["html"], {}, "lock-1")).id, job.id);
  const ended = await colophon.wait(job.id);
  assert.equal(ended.state, "succeeded");
  assert.deepEqual(ended.artifacts.map((each) => each.name), ["闸门.html", "two.html"]);
  assert.match(await (await colophon.download(ended.artifacts[0])).text(), /The lock opens/);
});

test("a refusal is a Problem", async () => {
  await assert.rejects(colophon.convert(article, "pdf", { margin: "wide" }), (error) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, "validation-error");
    assert.equal(error.document.errors[0].pointer, "/margin");
    return true;
  });
});

test("every call of the contract is typed", async () => {
  const { data } = await colophon.api.GET("/v1/formats");
  assert.ok(data);
});
