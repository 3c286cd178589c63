import { drop, items, put } from "./outbox.js";
import { renewToken, tokenOf } from "./token.js";

const AGAIN_AFTER = 4000; // milliseconds
const PATIENCE = 15000; // milliseconds that one try may take
const inHand = new Set();

/**
 * Send everything that waits, now and again until it is taken, from whatever page of the desk is open. The key of
 * each makes the server write it down once, however often it arrives. `ended(item, status)` hears of each end.
 */
export function sendAll(root, ended, tell) {
  const waiting = items().filter((each) => each.state === "waiting" && !inHand.has(each.key));
  return Promise.all(waiting.map((item) => send(item, root).then((status) => settle(item, status, ended, tell))));
}

export function keepTrying(root, ended, tell) {
  const again = () => sendAll(root, ended, tell);
  window.addEventListener("online", again);
  setInterval(() => items().some((each) => each.state === "waiting") && again(), AGAIN_AFTER);
  again();
}

/** Return the answer's status, or 0 when there was none. A sign-in in another tab makes our token old: 403, once. */
async function send(item, root) {
  inHand.add(item.key);
  try {
    const status = await post(item, tokenOf(root));
    return status === 403 && (await renewToken(root)) ? await post(item, tokenOf(root)) : status;
  } catch (error) {
    console.info("not sent:", error.name);
    return 0;
  } finally {
    inHand.delete(item.key);
  }
}

async function post(item, token) {
  const body = new URLSearchParams([...item.fields, ["key", item.key]]);
  const headers = { "X-CSRFToken": token, "X-Desk-Outbox": "yes" };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return (await fetch(item.to, { method: "POST", body, headers, redirect: "manual", signal: stop.signal })).status;
  } finally {
    clearTimeout(timer);
  }
}

function settle(item, status, ended, tell) {
  if (status === 204) drop(item);
  if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
    drop(item);
    put({ ...item, state: "refused", status });
  }
  tell(status);
  if (status === 204 || (status >= 400 && status < 500)) ended(item, status);
}
