import { solveChallengeWorkers } from "altcha-lib";

const MOST_WORKERS = 4;

/**
 * Do the sum of `[data-proof]` beside the person who is writing, and put its result into the form. They see and do
 * nothing; if it is not done when they send, a person of ours looks at the message first.
 */
export async function prove(root) {
  const note = root.querySelector("[data-proof]");
  const form = root.querySelector("main form[method=post]");
  if (!note || !form || !window.Worker || !window.isSecureContext) return;
  const challenge = JSON.parse(note.dataset.proof);
  const solution = await solveChallengeWorkers({
    challenge,
    concurrency: Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS),
    createWorker: () => new Worker(note.dataset.worker),
  });
  if (!solution) return;
  form.append(hidden("proof", btoa(JSON.stringify({ challenge, solution }))));
  note.textContent = note.dataset.done;
}

function hidden(name, value) {
  const input = document.createElement("input");
  return Object.assign(input, { type: "hidden", name, value });
}
