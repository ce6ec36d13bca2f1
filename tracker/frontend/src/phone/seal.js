// Sealing for the server alone: nobody who holds the phone can read a sealed record, its sender included.
// version 1 | ephemeral P-256 point (65 bytes) | nonce (12) | AES-256-GCM; the record's id is authenticated with it.
import { encoded, joined, toBytes, toText } from "./bytes.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const VERSION = new Uint8Array([1]);

/** `server`: its public point as base64url. */
export async function seal(server, id, body) {
  const theirs = await crypto.subtle.importKey("raw", toBytes(server), CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = await crypto.subtle.exportKey("raw", own.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: encoded("tracker seal 1") },
    await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = encoded(id);
  const text = encoded(JSON.stringify(body));
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, text);
  return toText(joined(VERSION, point, iv, closed));
}
