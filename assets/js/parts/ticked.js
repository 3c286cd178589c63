/**
 * Say how many leads are ticked, and what is still to be chosen, before anything is sent: the answer to a form that
 * misses something is a new page, on which nothing is ticked.
 */
export function countTicked(root) {
  const form = root.querySelector("#bulk");
  if (!form) return;
  const title = form.querySelector("[data-title]");
  const said = form.querySelector("[data-said]");
  const ticked = () => root.querySelectorAll(".queue__tick:checked").length;
  const tell = () => { title.textContent = ticked() ? `With the ${ticked()} ticked` : title.dataset.title; };
  root.addEventListener("change", ({ target }) => target.matches(".queue__tick") && tell());
  root.addEventListener("htmx:afterSettle", tell);
  root.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    const needed = form.querySelector(`#${event.submitter?.dataset.needs}`);
    said.textContent = missing(ticked(), needed);
    if (!said.textContent) return;
    event.preventDefault();
    delete form.dataset.sent; // nothing was sent (send_once.js)
    if (ticked()) needed.focus();
  });
  tell();
}

function missing(count, needed) {
  if (!count) return "Tick the leads first.";
  return needed && !needed.value ? needed.dataset.ask : "";
}
