const WIDE = "(min-width: 62rem)"; // where the rail stands beside the page, see _shell.scss

/** All ticks of a list at once; ticked.js says how many. The list may be drawn anew at any time: nothing is kept of it. */
export function tickAll(root) {
  const all = root.getElementById("tick-all");
  const bulk = root.getElementById("bulk");
  if (!all || !bulk) return;
  const untick = bulk.querySelector("[data-untick]");
  const fold = bulk.querySelector("details");
  const ticks = () => [...root.querySelectorAll("[data-live] .queue__tick")];
  const count = () => {
    const ticked = ticks().filter((each) => each.checked).length;
    all.checked = ticked > 0 && ticked === ticks().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  const set = (isTicked) => {
    ticks().forEach((each) => { each.checked = isTicked; });
    ticks()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  };

  all.closest("label").hidden = false;
  untick.hidden = false;
  fold.open = window.matchMedia(WIDE).matches;
  all.addEventListener("change", () => set(all.checked));
  untick.addEventListener("click", () => {
    set(false);
    all.focus();
  });
  root.addEventListener("change", ({ target }) => target.matches("[data-live] .queue__tick") && count());
  root.addEventListener("htmx:afterSettle", count);
  count();
}
