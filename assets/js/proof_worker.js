import { solveChallenge } from "altcha-lib";

// One of several workers, which share the counters among them; the first to find the right one ends the others.
self.onmessage = async ({ data }) => {
  if (data.type === "work") self.postMessage(await solveChallenge({ ...data, deriveKey }));
};

async function deriveKey({ algorithm, cost, keyLength }, salt, password) {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: algorithm.replace("PBKDF2/", ""), salt, iterations: cost };
  return { parameters: {}, derivedKey: new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)) };
}
