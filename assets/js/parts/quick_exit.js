import { countShift } from "./shift_counter.js";

const PRESSES = 3;

/**
 * Leave at once: the button, the hidden link, or Shift three times within five seconds. The page is covered first and
 * replaced in the history, so that Back does not return to it. Inside a frame the whole window leaves. Without scripts
 * the link works as a link.
 */
export function watchForExit(root) {
  const link = root.querySelector("[data-exit]");
  if (!link) return;
  const news = newsIn(root);
  const go = (event) => leave(event, link.href);
  root.querySelectorAll("[data-exit]").forEach((each) => each.addEventListener("click", go));
  countShift(root, PRESSES, (count) => { news.textContent = words(count); }, go);
  window.addEventListener("pageshow", uncover);
}

function leave(event, address) {
  if (event) event.preventDefault();
  cover();
  try {
    window.top.location.replace(address);
  } catch (refused) {
    window.open(address, "_top"); // a frame that may not steer its window, but may open a link in it
  }
}

function cover() {
  if (document.querySelector(".exit-overlay")) return;
  const overlay = document.createElement("div");
  overlay.className = "exit-overlay";
  overlay.setAttribute("role", "alert");
  overlay.textContent = "Loading";
  overlay.dataset.title = document.title;
  document.body.append(overlay);
  document.title = "Loading";
}

function uncover() {
  document.querySelectorAll(".exit-overlay").forEach((overlay) => {
    document.title = overlay.dataset.title;
    overlay.remove();
  });
}

function words(count) {
  if (!count) return "Leaving by Shift was called off.";
  const left = PRESSES - count;
  return `Shift. Press ${left} more ${left === 1 ? "time" : "times"} to leave this site.`;
}

/** Return the live region, which must be there before it speaks: the page's own, or a new one. */
function newsIn(root) {
  const news = document.createElement("p");
  news.className = "exit-news";
  news.setAttribute("role", "status");
  root.querySelector(".bar").append(news);
  return news;
}
