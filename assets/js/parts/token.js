/** Return the token that our forms are sent with; empty for somebody who has not signed in. */
export function tokenOf(root) {
  const headers = root.body.getAttribute("hx-headers");
  return root.body.dataset.person && headers ? JSON.parse(headers)["X-CSRFToken"] : "";
}

/**
 * Get the token of the present sign-in, for the same person only, and give it to every form of the page. Return
 * whether there is another one now.
 */
export async function renewToken(root) {
  const answer = await fetch(root.querySelector(".desk-bar__search").action);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.body.dataset.person === root.body.dataset.person ? tokenOf(page) : "";
  if (!token) return false;
  root.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  root.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  return true;
}
