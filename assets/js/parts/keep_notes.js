import { clear, isWritten, itemOf, keyOf, lock, restore } from "./kept_form.js";
import { drop, dropTaken, empty, items, openFor, put } from "./outbox.js";
import { keepTrying, sendAll } from "./send_later.js";
import { tokenOf } from "./token.js";
import { button, leadOf, line, showKept, showUnsent } from "./unsent.js";

const SLOW = 1500; // milliseconds after which a sending is worth a word
const KEPT = "Kept in this tab, on this device, until it is sent or you sign out.";

/**
 * What is typed into a `form[data-keep]` stays in this tab until the desk says that it has it (`data-taken`): a page
 * that is loaded again, a sign-in that has run out or a refusal loses no word. Where the form is a `form[data-outbox]`,
 * too, what is sent without a connection waits and goes by itself. Without scripts the forms are plain ones.
 */
export function keepNotes(root) {
  openFor(root.body.dataset.person);
  root.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", empty));
  if (!tokenOf(root)) return showKept(root, items());
  dropTaken([...root.querySelectorAll("[data-taken]")].map((each) => each.dataset.taken));
  const forms = [...root.querySelectorAll("form[data-keep]")];
  const tell = (status) => showUnsent(root, items(), status, () => sendAll(root, ended, tell));
  const ended = (item, status) => finish(forms.find((form) => keyOf(form).value === item.key), item, status);
  forms.filter((form) => "outbox" in form.dataset).forEach(explain);
  forms.forEach(putBack);
  root.addEventListener("input", ({ target }) => target.form?.matches("form[data-keep]") && keep(target.form));
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-keep]") || form.dataset.plain) return;
    if (!("outbox" in form.dataset)) return keep(form);
    event.preventDefault();
    sendLater(form);
    let isAnswered = false;
    sendAll(root, ended, tell).then(() => { isAnswered = true; });
    setTimeout(() => isAnswered || tell(undefined), SLOW);
  });
  tell(undefined);
  keepTrying(root, ended, tell);
}

/** Keep what is typed so far. */
function keep(form) {
  const item = itemOf(form, "typed");
  if (isWritten(form)) put(item);
  else drop(item);
}

function sendLater(form) {
  drop(itemOf(form, "typed"));
  put(itemOf(form, "waiting"));
  lock(form, true);
}

function explain(form) {
  const hint = line(KEPT);
  hint.className = "small";
  form.querySelector("button[type=submit]").before(hint);
}

/** Say that words were put back, so that nobody takes them for new ones, and let them be thrown away. */
function putBack(form) {
  const item = restore(form);
  const isSaid = document.querySelector("[data-error-summary]") !== null; // the page says itself that it was not taken
  if (!item || item.state === "waiting" || "outbox" in form.dataset || isSaid) return;
  const box = document.createElement("div");
  box.className = "notice notice--amber";
  const when = new Date(item.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const forget = () => { drop(item); form.reset(); box.remove(); };
  box.append(line(`You typed this at ${when}, and it was not sent.`), button("Throw it away", forget));
  form.prepend(box);
}

/** Taken: show it on the timeline. Refused: send the form the plain way, so that its page says why. */
function finish(form, item, status) {
  if (!form) return undefined;
  if (status === 204) return isBusyElsewhere(form) ? clear(form) : window.location.assign(leadOf(item));
  lock(form, false);
  if (status === 401) return lock(form, true);
  form.dataset.plain = "yes";
  return form.submit();
}

function isBusyElsewhere(form) {
  const inHand = document.activeElement;
  return inHand && inHand.form && inHand.form !== form && inHand.matches("textarea, input:not([type=submit])");
}
