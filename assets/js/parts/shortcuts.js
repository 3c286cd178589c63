const OFF = "desk-shortcuts-off";
const TYPED_INTO = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

/**
 * Single keys for what is done all day. They do nothing while somebody types, with Ctrl, Alt or the command key, or
 * over an open dialog, and can be switched off (WCAG 2.1.4): in the list that "?" opens, which the menu opens, too.
 */
export function shortcuts(root) {
  const help = root.querySelector("#shortcuts");
  if (!help) return;
  offerHelp(root, help);
  root.addEventListener("keydown", (event) => {
    if (isOff() || !isForUs(event)) return;
    const act = KEYS[event.key];
    if (act && act(root, help)) event.preventDefault();
  });
  if (location.hash === "#act-attempt") openAttempt(root);
}

/** Each returns whether it had something to do here. */
const KEYS = {
  "/": (root) => focusOn(root.querySelector("#desk-search")),
  "?": (_, help) => open(help),
  j: (root) => step(root, 1),
  k: (root) => step(root, -1),
  n: (root) => press(root.querySelector("#take-next") ?? root.querySelector("#take-next-anywhere")),
  a: (root) => openAttempt(root) || goToAttempt(root),
  x: (root) => press(rowInHand(root)?.querySelector(".queue__tick")),
};

function isForUs(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  return !event.target.closest(`${TYPED_INTO}, dialog[open]`);
}

function offerHelp(root, help) {
  const box = help.querySelector("[data-shortcuts-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "" : "yes"));
  root.querySelectorAll("[data-shortcuts-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => open(help));
  });
}

function isOff() {
  return localStorage.getItem(OFF) === "yes";
}

function open(help) {
  help.showModal();
  return true;
}

function focusOn(element) {
  element?.focus();
  element?.select?.();
  return Boolean(element);
}

function press(element) {
  element?.click();
  return Boolean(element);
}

function step(root, by) {
  const links = [...root.querySelectorAll("main .queue__ref[href]")].filter((link) => link.offsetParent);
  const here = links.indexOf(rowInHand(root)?.querySelector(".queue__ref"));
  const next = here < 0 ? links[by > 0 ? 0 : links.length - 1] : links[here + by];
  next?.scrollIntoView({ block: "nearest" });
  return focusOn(next);
}

function rowInHand(root) {
  return root.activeElement?.closest("main tr, main [data-card]");
}

function openAttempt(root) {
  const attempt = root.querySelector("#act-attempt");
  if (!attempt) return false;
  attempt.open = true;
  attempt.scrollIntoView({ block: "nearest" });
  return focusOn(attempt.querySelector("input:not([type=hidden]), select, textarea"));
}

function goToAttempt(root) {
  const link = rowInHand(root)?.querySelector(".queue__ref");
  if (link) location.assign(`${link.href}#act-attempt`);
  return Boolean(link);
}
