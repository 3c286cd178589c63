const SAID_FOR = 3000; // milliseconds

/** Buttons that copy what is in their `data-copy`. They are hidden where they could do nothing. */
export function copyNumbers(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
}

async function copy(button) {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy: " + button.dataset.copy;
  }
  setTimeout(() => (button.textContent = label), SAID_FOR);
}
