const WARN = 5 * 60; // seconds before the answers are closed

/**
 * Answers that were not sent are closed after a while. Ask before that, and when the time is over load the page
 * again, which then shows none of them. The buttons of the dialog belong to the form: what was typed goes along.
 */
export function warnBeforeEnd(root) {
  const dialog = root.querySelector("[data-ends-in]");
  if (!dialog) return;
  const left = Number(dialog.dataset.endsIn);
  setTimeout(() => dialog.showModal(), Math.max(0, left - WARN) * 1000);
  setTimeout(() => window.location.replace(window.location.href), (left + 1) * 1000);
}
