/** Let this browser be told by push, where it can: the page asks it, and its own form keeps what it answers. */
export function pushHere(root) {
  const panel = root.querySelector("[data-push-key]");
  if (!panel) return;
  const said = panel.querySelector("[data-said]");
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    said.textContent = "This browser takes no push messages. On an iPhone or iPad, add the desk to the home screen first, and open it from there.";
    return;
  }
  const button = panel.querySelector("button");
  button.hidden = false;
  said.textContent = "";
  panel.addEventListener("submit", (event) => {
    if (panel.elements.subscription.value) return;
    event.preventDefault();
    button.disabled = true;
    subscribe(panel)
      .then((subscription) => {
        panel.elements.subscription.value = JSON.stringify(subscription);
        panel.elements.name.value = nameOf(navigator.userAgent);
        panel.submit();
      })
      .catch((error) => {
        console.warn("no push here:", error);
        button.disabled = false;
        said.textContent =
          Notification.permission === "denied"
            ? "This browser was told to show no notifications of the desk. Allow them in its settings for this site, then try again."
            : "That did not work. Try again, or use another browser.";
      });
  });
}

function subscribe(panel) {
  return Notification.requestPermission()
    .then((answer) => {
      if (answer !== "granted") throw new Error(answer);
      return navigator.serviceWorker.register(panel.dataset.pushWorker, { scope: "/desk/" });
    })
    .then(() => navigator.serviceWorker.ready)
    .then((worker) => renewed(worker.pushManager, bytes(panel.dataset.pushKey)));
}

/** A subscription that was made with another key of ours is of no use: make a new one. */
function renewed(manager, key) {
  const make = () => manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return make().catch((error) => {
    if (error.name !== "InvalidStateError") throw error;
    return manager
      .getSubscription()
      .then((old) => old && old.unsubscribe())
      .then(make);
  });
}

function bytes(key) {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function nameOf(agent) {
  const browser = [
    ["Edg/", "Edge"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ].find(([mark]) => agent.includes(mark));
  const device = [
    ["iPhone", "iPhone"],
    ["iPad", "iPad"],
    ["Android", "Android"],
    ["Windows", "Windows"],
    ["Mac", "Mac"],
    ["Linux", "Linux"],
  ].find(([mark]) => agent.includes(mark));
  return [browser ? browser[1] : "A browser", device ? `on ${device[1]}` : ""].filter(Boolean).join(" ");
}
