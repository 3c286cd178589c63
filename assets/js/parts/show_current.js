/** On a narrow screen a row of tabs scrolls: bring the current one into sight, also after the row was refreshed. */
export function showCurrent(root) {
  const show = () => root.querySelectorAll(".tabs--scroll, .rail").forEach(scrollToCurrent);
  show();
  root.addEventListener("htmx:afterSettle", show);
}

/** Only the row is scrolled, never the page. */
function scrollToCurrent(tabs) {
  const current = tabs.querySelector("[aria-current]");
  if (!current) return;
  const row = tabs.getBoundingClientRect();
  const tab = current.getBoundingClientRect();
  const isInSight = tab.left >= row.left && tab.right <= row.right;
  if (!isInSight) tabs.scrollLeft += tab.left + tab.width / 2 - (row.left + row.width / 2);
}
