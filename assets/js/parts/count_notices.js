/**
 * On a narrow screen all notices but the urgent ones are one line (templates/crm/parts/more_notices.html): keep its number
 * true while parts of the page are drawn anew, and say so when there are more, as they are out of sight.
 */
export function countNotices(root) {
  const line = root.getElementById("more-notices");
  if (!line) return;
  let before = count(root);
  const show = () => {
    const now = count(root);
    line.hidden = now === 0;
    line.querySelector("[data-count]").textContent = inWords(now);
    if (now > before && isFolded(line)) root.getElementById("desk-said").textContent = `${inWords(now)}.`;
    before = now;
  };
  root.addEventListener("htmx:afterSettle", show);
  root.addEventListener("htmx:oobAfterSwap", show);
}

const count = (root) => root.querySelectorAll("#desk-notices :is(.banner, .alarm-bar li)").length;

const inWords = (number) => `${number} more notice${number === 1 ? "" : "s"}`;

const isFolded = (line) => !line.open && line.offsetParent !== null;
