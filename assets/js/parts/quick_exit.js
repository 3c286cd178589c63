const PRESSES = 3;
const WITHIN = 5000; // milliseconds

/**
 * Leave at once: the button, the hidden link, or Shift three times within five seconds. The page is covered first and
 * replaced in the history, so that Back does not return to it. Without scripts the link works as a link.
 */
export function watchForExit(root) {
  const link = root.querySelector("[data-exit]");
  if (!link) return;
  root.querySelectorAll("[data-exit]").forEach((each) => each.addEventListener("click", (event) => leave(event, link)));
  root.addEventListener("keyup", shiftCounter(() => leave(null, link)));
  window.addEventListener("pageshow", uncover);
}

function leave(event, link) {
  if (event) event.preventDefault();
  cover();
  window.location.replace(link.href);
}

function cover() {
  const overlay = document.createElement("div");
  overlay.className = "exit-overlay";
  overlay.setAttribute("role", "alert");
  overlay.textContent = "Loading";
  document.body.append(overlay);
  document.title = "Loading";
}

function uncover() {
  document.querySelectorAll(".exit-overlay").forEach((overlay) => overlay.remove());
}

function shiftCounter(done) {
  let times = [];
  return (event) => {
    const now = Date.now();
    times = event.key === "Shift" ? [...times.filter((time) => now - time < WITHIN), now] : [];
    if (times.length >= PRESSES) done();
  };
}
