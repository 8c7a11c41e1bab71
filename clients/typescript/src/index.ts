/**
 * The client of a Colophon service. `api` has every call of the contract with its types, generated from openapi.yaml;
 * the methods are the usual ways through it. What the service refuses is thrown as a `Problem`.
 */
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Target = Schemas["Target"];
export type Options = Schemas["Options"];
export type Job = Schemas["Job"];
export type Artifact = Schemas["JobArtifact"];
export type ProblemDocument = Schemas["Problem"];
/** An article or an asset: its file name and its content. */
export type Upload = { name: string; data: Blob | Uint8Array<ArrayBuffer> | string };
export type Made = { name: string; mediaType: string; notices: number; data: Blob };

const LONGEST_WAIT = 60; // seconds that the service holds a call

/** A problem of the service (RFC 9457). `document.errors` names fields and lines. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  constructor(readonly document: ProblemDocument) {
    super(document.detail);
    this.name = "Problem";
    this.code = document.code;
    this.status = document.status;
  }
}

const throwing: Middleware = {
  async onResponse({ response }) {
    if (response.status < 400) return;
    const text = await response.text();
    if (!response.headers.get("content-type")?.startsWith("application/problem+json")) {
      throw new Error(`The answer is not one of Colophon: status ${response.status}.`);
    }
    throw new Problem(JSON.parse(text) as ProblemDocument);
  },
};

export class Colophon {
  readonly api: Client<paths>;

  /** `url` is that of the service; `key` an API key, where the service requires one. */
  constructor(readonly url: string, { key, fetch }: { key?: string; fetch?: typeof globalThis.fetch } = {}) {
    const headers = key ? { Authorization: `Bearer ${key}` } : {};
    this.api = createClient<paths>({ baseUrl: url.replace(/\/+$/, ""), headers, ...(fetch ? { fetch } : {}) });
    this.api.use(throwing);
  }

  /** Converts one article. Several targets give one zip. Throws Problem. */
  async convert(article: Upload, to: Target | Target[], options: Options = {}, assets: Upload[] = []): Promise<Made> {
    const targets = typeof to === "string" ? [to] : to;
    const { data, response } = await this.api.POST("/v1/convert", {
      body: { file: "", to: targets, ...options },
      bodySerializer: () => form([article], targets, options, assets),
      headers: { Accept: "*/*" },
      parseAs: "blob",
    });
    return {
      name: fileName(response.headers.get("content-disposition") ?? ""),
      mediaType: response.headers.get("content-type") ?? "",
      notices: Number(response.headers.get("colophon-notices")),
      data: data as unknown as Blob,
    };
  }

  /** The metadata that a conversion would use, and every notice. Throws Problem. */
  async validate(article: Upload, options: Options = {}): Promise<Schemas["Validation"]> {
    const { data } = await this.api.POST("/v1/validate", {
      body: { file: "", ...options },
      bodySerializer: () => form([article], [], options, []),
    });
    return data!;
  }

  /** Makes a job of articles. The same `idempotencyKey` makes no second one. Throws Problem. */
  async createJob(articles: Upload[], to: Target[], options: Options = {}, idempotencyKey = crypto.randomUUID()): Promise<Job> {
    const { data } = await this.api.POST("/v1/jobs", {
      body: { file: [], to, ...options },
      bodySerializer: () => form(articles, to, options, []),
      headers: { "Idempotency-Key": idempotencyKey },
    });
    return data!;
  }

  /** The job when it has ended. Throws Problem. */
  async wait(id: string): Promise<Job> {
    for (;;) {
      const { data } = await this.api.GET("/v1/jobs/{job_id}", {
        params: { path: { job_id: id }, query: { wait: LONGEST_WAIT } },
      });
      if (data!.ended_at) return data!;
    }
  }

  /** The bytes of an artifact of a job. Throws Problem. */
  async download(artifact: Pick<Artifact, "job" | "id">): Promise<Blob> {
    const { data } = await this.api.GET("/v1/jobs/{job_id}/artifacts/{artifact_id}", {
      params: { path: { job_id: artifact.job, artifact_id: artifact.id } },
      parseAs: "blob",
    });
    return data as unknown as Blob;
  }
}

function form(articles: Upload[], to: Target[], options: Options, assets: Upload[]): FormData {
  const found = new FormData();
  if (Object.keys(options).length) found.append("options", JSON.stringify(options));
  for (const target of to) found.append("to", target);
  for (const [part, uploads] of [["file", articles], ["asset", assets]] as const) {
    for (const { name, data } of uploads) found.append(part, data instanceof Blob ? data : new Blob([data]), name);
  }
  return found;
}

/** The name in a Content-Disposition header (RFC 6266 with RFC 8187). */
function fileName(header: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  return encoded ? decodeURIComponent(encoded) : (/filename="([^"]*)"/.exec(header)?.[1] ?? "");
}
