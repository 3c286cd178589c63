const EVERY = 700; // milliseconds, as in ticker.js

const ELSEWHERE = 2; // ticks: a page that is no queue asks more seldom, and still within two seconds

/**
 * Ask again and again whether there is news; nearly always the answer is a 304. A queue's page asks for its
 * `[data-live]` list, every other page of the desk for what comes in now. While somebody uses the list, nothing in it
 * is replaced: the news is told, and the list is drawn anew when they are done.
 */
export function keepLive(root) {
  const ticker = root.querySelector("[data-ticker]");
  if (!ticker) return;
  let ticks = 0;
  startTicking(ticker.dataset.ticker, () => {
    ticks += 1;
    const part = root.querySelector("[data-live]");
    if (part) askForList(part);
    if (ticks % ELSEWHERE === 0 && (!part || part.dataset.held)) askForNow(root);
  });
  root.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.dataset.held) event.detail.shouldSwap = false;
  });
  // on a queue's page the list itself tells what is new
  root.addEventListener("desk:news", (event) => {
    if (event.target.id === "now-calls" && root.querySelector("[data-live]")) event.stopImmediatePropagation();
  }, { capture: true });
  root.addEventListener("desk:news", ({ detail }) => tell(root, detail));
}

function askForList(part) {
  if (part.dataset.held && !isInUse(part)) askForAll(part);
  window.htmx.trigger(part, "tick");
}

function askForNow(root) {
  const part = root.getElementById("now-calls");
  if (part) window.htmx.trigger(part, "tick");
}

function startTicking(address, tick) {
  try {
    new Worker(address).addEventListener("message", tick);
  } catch (error) {
    console.warn("no worker, so a plain timer:", error);
    setInterval(tick, EVERY);
  }
}

/** What is typed, chosen, ticked or selected in the part would be lost with it. */
function isInUse(part) {
  const selection = document.getSelection();
  const isSelecting = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  return isSelecting || part.querySelector("details[open], dialog[open]") !== null || isFilledIn(part);
}

function isFilledIn(part) {
  const inHand = document.activeElement;
  if (part.contains(inHand) && inHand.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return true;
  return [...part.querySelectorAll("input, textarea, select")].some(isChanged);
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((each) => each.selected && !each.defaultSelected && each.index > 0);
  return field.value !== field.defaultValue;
}

/** A part that was held back still asks with what it last heard, or it would be told the same news every second. */
function tell(root, detail) {
  const part = root.querySelector("[data-live]");
  const news = root.getElementById("queue-news");
  if (!part || !news) return undefined;
  if (!isInUse(part)) return news.classList.add("visually-hidden");
  part.dataset.held = "yes";
  part.setAttribute("hx-headers", detail.headers);
  if (!detail.arrived) return undefined;
  const leads = detail.arrived === 1 ? "1 new urgent lead." : `${detail.arrived} new urgent leads.`;
  news.textContent = `${leads} The list is drawn again when you are done in it.`;
  return news.classList.remove("visually-hidden");
}

function askForAll(part) {
  const headers = JSON.parse(part.getAttribute("hx-headers"));
  delete headers["If-None-Match"];
  part.setAttribute("hx-headers", JSON.stringify(headers));
  delete part.dataset.held;
}
