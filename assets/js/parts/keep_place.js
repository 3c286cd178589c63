/**
 * A part that refreshes itself must not disturb the person using it: while they select text in a `[data-live]` part,
 * or have a menu or dialog open there, the refresh is dropped and the next one tries again. Focus is kept by htmx
 * for anything that has an id.
 */
export function keepPlace(root) {
  root.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (target.matches("[data-live]") && isInUse(target)) event.detail.shouldSwap = false;
  });
}

function isInUse(part) {
  const selection = document.getSelection();
  const isSelecting = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  return isSelecting || part.querySelector("details[open], dialog[open]") !== null;
}
