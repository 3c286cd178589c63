import { drop, empty, items, openFor, put } from "./outbox.js";
import { keepTrying, sendAll } from "./send_later.js";
import { showUnsent } from "./unsent.js";

const SLOW = 1500; // milliseconds after which a sending is worth a word
const KEPT = "Kept in this tab, on this device, until it is sent or you sign out.";

/**
 * Notes survive a minute without a connection. What is typed into a `form[data-keep]` stays in this tab; sent without
 * a connection, it waits and goes by itself. Without scripts the forms are plain ones.
 */
export function keepNotes(root) {
  const token = tokenOf(root);
  openFor(root.body.dataset.person);
  root.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", empty));
  if (!token) return;
  const forms = [...root.querySelectorAll("form[data-keep]")];
  const tell = (status) => showUnsent(root, items(), status, () => sendAll(token, ended, tell));
  const ended = (item, status) => finish(forms.find((form) => keyOf(form).value === item.key), item, status);
  forms.forEach(explain);
  forms.forEach(restore);
  root.addEventListener("input", ({ target }) => target.form?.matches("form[data-keep]") && keep(target.form));
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-keep]") || form.dataset.plain) return;
    event.preventDefault();
    drop(itemOf(form, "typed"));
    put(itemOf(form, "waiting"));
    lock(form, true);
    sendAll(token, ended, tell);
    setTimeout(() => tell(undefined), SLOW);
  });
  tell(undefined);
  keepTrying(token, ended, tell);
}

function tokenOf(root) {
  const headers = root.body.getAttribute("hx-headers");
  return root.body.dataset.person && headers ? JSON.parse(headers)["X-CSRFToken"] : "";
}

const keyOf = (form) => form.elements.namedItem("key");
const CHOICES = "select, input[type=radio], input[type=checkbox], button[type=submit]";
const OURS = ["csrfmiddlewaretoken", "key"];

function itemOf(form, state) {
  const fields = [...new FormData(form)].filter(([name]) => !OURS.includes(name));
  const { keep: kind, lead } = form.dataset;
  return { key: keyOf(form).value, form: kind, lead, to: form.getAttribute("action"), fields, state };
}

/** Keep what is typed so far. A form without a word in it is not worth keeping. */
function keep(form) {
  const item = itemOf(form, "typed");
  const isWritten = [...form.querySelectorAll("textarea")].some((field) => field.value.trim());
  if (isWritten) put(item);
  else drop(item);
}

function explain(form) {
  const hint = document.createElement("p");
  hint.className = "small";
  hint.textContent = KEPT;
  form.querySelector("button[type=submit]").before(hint);
}

/** Put back what was typed before the page was loaded again, and what still waits. */
function restore(form) {
  const to = form.getAttribute("action");
  const item = items().find((each) => each.to === to);
  if (!item) return;
  form.querySelectorAll("input:not([type=hidden]), textarea, select").forEach((field) => fill(field, item.fields));
  if (item.state === "waiting") keyOf(form).value = item.key;
  if (item.state === "refused") put({ ...item, state: "typed" }); // this page says why
  form.closest("details").open = true;
  lock(form, item.state === "waiting");
}

function fill(field, fields) {
  const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (values.length) [field.value] = values;
}

/** What waits cannot be changed: it may have arrived already. */
function lock(form, isLocked) {
  form.querySelectorAll("textarea, input:not([type=hidden])").forEach((field) => { field.readOnly = isLocked; });
  form.querySelectorAll(CHOICES).forEach((field) => { field.disabled = isLocked; });
  if (!isLocked) delete form.dataset.sent;
}

/** Taken: show it on the timeline. Refused: send the form the plain way, so that its page says why. */
function finish(form, item, status) {
  if (!form) return;
  if (status === 204) return isBusyElsewhere(form) ? clear(form) : window.location.assign(window.location.pathname);
  lock(form, false);
  if (status === 401) return lock(form, true);
  form.dataset.plain = "yes";
  return form.submit();
}

function isBusyElsewhere(form) {
  const inHand = document.activeElement;
  return inHand && inHand.form && inHand.form !== form && inHand.matches("textarea, input:not([type=submit])");
}

function clear(form) {
  form.reset();
  keyOf(form).value = crypto.randomUUID();
  lock(form, false);
}
