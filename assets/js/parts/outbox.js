const KEY = "desk-outbox";
const LONGEST = 12 * 60 * 60 * 1000; // milliseconds, as long as somebody stays signed in

/**
 * What was typed into kept forms and has not been sent: in this tab only (sessionStorage), for one person only. An
 * item is {key, form, to, lead, fields, state, at}; its state is "typed", "waiting" or "refused".
 */
export function items() {
  return stored().items.filter((each) => each.state === "waiting" || Date.now() - each.at < LONGEST);
}

/** Begin for this person: whatever somebody else left in the tab is deleted. Nobody: leave it as it is. */
export function openFor(person) {
  if (person && stored().person !== person) save({ person, items: [] });
}

export function put(item) {
  const box = stored();
  box.items = [...box.items.filter((each) => !isSame(each, item)), item];
  save(box);
}

export function drop(item) {
  const box = stored();
  box.items = box.items.filter((each) => !isSame(each, item));
  save(box);
}

/** Drop what the desk says that it has, by the keys of the forms that were sent. */
export function dropTaken(keys) {
  items().filter((each) => keys.includes(each.key)).forEach(drop);
}

export function empty() {
  sessionStorage.removeItem(KEY);
}

/** One half-typed text a form; of those on their way each has a key of its own. */
function isSame(one, other) {
  if (one.state === "waiting" || other.state === "waiting") return one.key === other.key;
  return one.to === other.to && one.form === other.form;
}

function stored() {
  const nothing = { person: "", items: [] };
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || nothing;
  } catch (error) {
    console.warn("this tab keeps nothing:", error);
    return nothing;
  }
}

function save(box) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(box));
  } catch (error) {
    console.warn("this tab keeps nothing:", error);
  }
}
