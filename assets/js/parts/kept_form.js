import { items, put } from "./outbox.js";

const CHOICES = "select, input[type=radio], input[type=checkbox], button[type=submit]";
const OURS = ["csrfmiddlewaretoken", "key", "idempotency_key"];
const WRITTEN = "textarea, input[type=text], input[type=tel], input[type=email], input[type=number], input[type=datetime-local]";

export const keyOf = (form) => form.elements.namedItem("key") ?? form.elements.namedItem("idempotency_key");

/** What one form holds, as it is kept. `at` is when it was typed. */
export function itemOf(form, state) {
  const fields = [...new FormData(form)].filter(([name]) => !OURS.includes(name));
  const { keep: kind, lead } = form.dataset;
  const to = form.getAttribute("action") || location.pathname + location.search;
  return { key: keyOf(form).value, form: kind, lead, to, fields, state, at: Date.now() };
}

/** A form without a word in it is not worth keeping. */
export function isWritten(form) {
  return [...form.querySelectorAll(WRITTEN)].some((field) => field.value.trim());
}

/** Put back what was typed before the page was loaded again, and what still waits. Return it, if there is any. */
export function restore(form) {
  const { to, form: kind } = itemOf(form, "typed");
  const item = items().find((each) => each.to === to && each.form === kind);
  if (!item) return undefined;
  form.querySelectorAll("input:not([type=hidden]), textarea, select").forEach((field) => fill(field, item.fields));
  if (item.state === "waiting") keyOf(form).value = item.key;
  if (item.state === "refused") put({ ...item, state: "typed" }); // this page says why
  openAround(form);
  lock(form, item.state === "waiting");
  return item;
}

function openAround(form) {
  const filled = [...form.querySelectorAll("details")].filter((part) => isWritten(part) || part.querySelector(":checked"));
  [form.closest("details"), ...filled].forEach((part) => part && (part.open = true));
}

/** What somebody has typed since the page was drawn, before this ran, is newer than what was kept. */
function fill(field, fields) {
  const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (values.length && !isTypedSince(field)) [field.value] = values;
}

const isTypedSince = (field) => field.matches(WRITTEN) && field.value !== field.defaultValue;

/** What waits cannot be changed: it may have arrived already. */
export function lock(form, isLocked) {
  form.querySelectorAll("textarea, input:not([type=hidden])").forEach((field) => { field.readOnly = isLocked; });
  form.querySelectorAll(CHOICES).forEach((field) => { field.disabled = isLocked; });
  if (!isLocked) delete form.dataset.sent;
}

export function clear(form) {
  form.reset();
  keyOf(form).value = crypto.randomUUID();
  lock(form, false);
}
