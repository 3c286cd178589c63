// Shows a push message of the desk, and opens or answers what it is about. It keeps nothing.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = read(event.data);
  event.waitUntil(show(said));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { link, answer, topic } = event.notification.data || {};
  event.waitUntil(event.action === "have" && answer ? have(answer, link, topic) : open(link));
});

function read(data) {
  try {
    return data.json();
  } catch (error) {
    return { title: "The desk has news", body: "Open the desk to read it." };
  }
}

function show({ title, body, link, answer, topic, id }) {
  return self.registration.showNotification(title || "The desk has news", {
    body,
    tag: topic || id,
    renotify: Boolean(topic || id),
    requireInteraction: true,
    actions: answer ? [{ action: "have", title: "I have it" }] : [],
    data: { link, answer, topic },
  });
}

/** Say that one has the alert: a POST to the one address that the message brought. It says who has it. */
function have(answer, link, topic) {
  const how = { method: "POST", headers: { Accept: "application/json" }, credentials: "omit", redirect: "error" };
  return fetch(answer, how)
    .then((response) => response.json())
    .then(({ said }) => self.registration.showNotification(said, { tag: topic, data: { link } }))
    .catch(() =>
      show({ title: "That did not reach us", body: "Press again, or open it and answer there.", link, answer, topic }),
    );
}

function open(link) {
  const there = link || "/desk/";
  return self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
    const known = pages.find((page) => page.url === there);
    return known ? known.focus() : self.clients.openWindow(there);
  });
}
