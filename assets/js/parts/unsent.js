import { drop } from "./outbox.js";

/** Say plainly what has not been sent, wherever on the desk somebody is. `status` is the latest answer's, 0 if none. */
export function showUnsent(root, all, status, again) {
  const place = root.getElementById("unsent");
  const unsent = all.filter((item) => item.state !== "typed");
  if (!place) return;
  if (!unsent.length) return place.replaceChildren(...(place.children.length && status === 204 ? [line("Sent.")] : []));
  place.replaceChildren(...unsent.map((item) => entry(item, status, again)));
}

/** On a page without anybody's name, say no more than that something is kept: the device may be shared. */
export function showKept(root, all) {
  const place = root.getElementById("unsent");
  if (!place || !all.length) return;
  const box = document.createElement("div");
  box.className = "notice notice--amber unsent__one";
  box.append(line("What was typed and not sent is kept in this tab. Sign in, and it is there again."));
  place.replaceChildren(box);
}

function entry(item, status, again) {
  const box = document.createElement("div");
  box.className = "notice notice--amber unsent__one";
  const kind = item.form === "note" ? "Your note" : "Your contact attempt";
  const said = item.state === "refused" ? refused(item) : waiting(status);
  box.append(line(`${kind} on ${item.lead} is not sent. ${said}`));
  box.append(item.state === "refused" ? openLead(item) : button("Try now", again));
  if (item.state === "waiting" && status === 401) box.append(signIn(item));
  if (item.state === "refused") box.append(button("Throw it away", () => { drop(item); box.remove(); }));
  return box;
}

function waiting(status) {
  const kept = "It is kept in this tab, on this device, until then.";
  if (status === 401) return "You are signed out. Sign in again in this tab and it is sent.";
  if (status === undefined) return `It is being sent. ${kept}`;
  return `There is no connection, or the desk does not answer. It will be tried again by itself. ${kept}`;
}

function refused(item) {
  return item.status === 404 ? "The desk does not find this lead any more." : "The desk did not take it. Open the lead to see why.";
}

export function line(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  return paragraph;
}

const openLead = (item) => link("Open the lead", leadOf(item));

const signIn = (item) => signInFor(leadOf(item));

/** Return the link to the sign-in that leads on to a page of the desk. */
export function signInFor(page) {
  const { signIn: address } = document.getElementById("unsent").dataset;
  return link("Sign in", `${address}?next=${encodeURIComponent(page)}`);
}

/** Return the page of the lead that a form is about: the form's own address cannot be opened. */
export const leadOf = (item) => item.to.replace(/[^/]+\/$/, "");

function link(words, address) {
  const made = document.createElement("a");
  made.className = "btn btn-secondary";
  made.href = address;
  made.textContent = words;
  return made;
}

export function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}
