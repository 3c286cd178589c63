/** Move focus to the error summary, so that a screen reader says it first. */
export function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}
