/** On a narrow screen a row of tabs scrolls: bring the current one into sight, also after the row was refreshed. */
export function showCurrent(root) {
  const show = () => root.querySelectorAll(".tabs--scroll").forEach(scrollToCurrent);
  show();
  root.querySelectorAll(".rail").forEach(scrollRail);
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

/** The rail stands still beside a long page; on a low screen it scrolls by itself. */
function scrollRail(rail) {
  const show = () => {
    const current = rail.querySelector("[aria-current]");
    if (current && current.offsetTop + current.offsetHeight > rail.clientHeight) rail.scrollTop = current.offsetTop - rail.clientHeight / 2;
  };
  show();
  rail.addEventListener("toggle", show);
}
