// Verifies a webhook of Colophon (Standard Webhooks) with nothing but Node: for a Code node of n8n, a function, a server.
// `headers` by lower-case names, `body` as it came, before any JSON was parsed. Throws where the message is not to be believed.
import { createHmac, timingSafeEqual } from "node:crypto";

export function verify(secret, headers, body, now = Date.now() / 1000) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(now - Number(timestamp)) <= 300)) throw new Error("too old, too new, or without a time");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const meant = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const signed = signatures.split(" ").some((each) => {
    const given = Buffer.from(each.startsWith("v1,") ? each.slice(3) : "", "base64");
    return given.length === meant.length && timingSafeEqual(given, meant);
  });
  if (!signed) throw new Error("not signed with this secret");
  return JSON.parse(body);
}
