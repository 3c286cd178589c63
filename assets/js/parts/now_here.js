import { line, signInFor } from "./unsent.js";

const KEY = "desk-now"; // identifiers of calls that this tab has announced or hidden
const SETTLED = 400; // milliseconds: a live region that is filled as the page loads is not read out

/**
 * What comes in now, on whatever page of the desk: a call that rings, urgent leads that have arrived. It is announced
 * once, politely; it lies over the page instead of moving it, and can be hidden.
 */
export function nowHere(root) {
  const said = root.getElementById("desk-said");
  if (!said) return;
  const urgent = root.getElementById("now-urgent");
  let arrived = 0;

  const show = () => announce(said, showCalls(root));
  root.addEventListener("desk:news", ({ detail }) => {
    if (!detail.arrived || root.querySelector("[data-live]")) return;
    arrived += detail.arrived;
    const words = arrived === 1 ? "1 new urgent lead" : `${arrived} new urgent leads`;
    urgent.querySelector("[data-arrived]").textContent = words;
    urgent.hidden = false;
    urgent.querySelector("[data-hide]").hidden = false;
    announce(said, [`${words}.`]);
  });
  root.addEventListener("click", ({ target }) => {
    const card = target.closest("[data-hide]")?.closest(".now__card");
    if (!card) return;
    if (card === urgent) arrived = 0;
    else remember("hidden", card.dataset.call.slice(0, 36));
    card.hidden = true;
  });
  root.addEventListener("desk:signed-out", () => saySignedOut(root, said));
  root.addEventListener("htmx:afterSettle", show);
  root.addEventListener("htmx:oobAfterSwap", show);
  setTimeout(show, SETTLED);
}

/** Nothing comes in any more; the page stays, for the sake of what is being written on it. */
function saySignedOut(root, said) {
  if (root.getElementById("now-signed-out")) return;
  const card = document.createElement("div");
  card.id = "now-signed-out";
  card.className = "now__card";
  const words = "You are signed out. No news reaches this page.";
  card.append(line(words), signInFor(window.location.pathname));
  root.getElementById("now").prepend(card);
  announce(said, [words]);
}

/** Hide what was hidden before; return the words of calls that have not been announced in this tab. */
function showCalls(root) {
  const known = stored();
  return [...root.querySelectorAll("[data-call]")].flatMap((card) => {
    const { call } = card.dataset;
    card.hidden = known.hidden.includes(call.slice(0, 36));
    card.querySelector("[data-hide]").hidden = false;
    if (card.hidden || known.said.includes(call)) return [];
    remember("said", call);
    return [card.querySelector("[data-said]").textContent.trim()];
  });
}

function announce(said, words) {
  if (words.length) said.textContent = words.join(" ");
}

function remember(list, call) {
  const known = stored();
  known[list] = [...known[list], call].slice(-50);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(known));
  } catch (error) {
    console.warn("this tab keeps nothing:", error);
  }
}

function stored() {
  const nothing = { said: [], hidden: [] };
  try {
    return { ...nothing, ...JSON.parse(sessionStorage.getItem(KEY)) };
  } catch (error) {
    console.warn("this tab keeps nothing:", error);
    return nothing;
  }
}
