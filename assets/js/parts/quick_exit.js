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
  const go = (event) => leave(event, link);
  root.querySelectorAll("[data-exit]").forEach((each) => each.addEventListener("click", go));
  countShift(root, PRESSES, (count) => { news.textContent = words(count, link.dataset); }, go);
  window.addEventListener("pageshow", uncover);
}

function leave(event, link) {
  if (event) event.preventDefault();
  cover(link.dataset.loading || "Loading");
  try {
    window.top.location.replace(link.href);
  } catch (refused) {
    window.open(link.href, "_top"); // a frame that may not steer its window, but may open a link in it
  }
}

function cover(words) {
  if (document.querySelector(".exit-overlay")) return;
  const overlay = document.createElement("div");
  overlay.className = "exit-overlay";
  overlay.setAttribute("role", "alert");
  overlay.textContent = words;
  overlay.dataset.title = document.title;
  document.body.append(overlay);
  document.title = words;
}

function uncover() {
  document.querySelectorAll(".exit-overlay").forEach((overlay) => {
    document.title = overlay.dataset.title;
    overlay.remove();
  });
}

/** Return what the page has in its own language for this many presses; 0: leaving was called off. */
function words(count, said) {
  return { 0: said.shiftOff, 1: said.shiftOnce, 2: said.shiftTwice }[count] || "";
}

/** Return the live region, which must be there before it speaks: the page's own, or a new one. */
function newsIn(root) {
  const news = document.createElement("p");
  news.className = "exit-news";
  news.setAttribute("role", "status");
  root.querySelector(".bar").append(news);
  return news;
}
