const TALLEST = 20000; // CSS pixels
const TOLD = /^(utm_(source|medium|campaign|term|content)|campaign)$/;

/** Give each of our frames the height that it asks for, and tell it which campaign led to the page around it. */
export function fitFrames(root, origin) {
  const frames = [...root.querySelectorAll("iframe[data-threshold]")].filter((frame) => isOurs(frame, origin));
  window.addEventListener("message", (event) => {
    if (event.origin !== origin) return;
    const frame = frames.find((each) => each.contentWindow === event.source);
    const height = Number(event.data && event.data.thresholdHeight);
    if (frame && height > 0) frame.style.height = `${Math.min(Math.ceil(height), TALLEST)}px`;
  });
  frames.forEach((frame) => {
    passOn(frame);
    frame.contentWindow.postMessage({ thresholdAsks: true }, "*"); // nothing to hide, and it may still be loading
  });
}

function isOurs(frame, origin) {
  return new URL(frame.src, document.baseURI).origin === origin;
}

function passOn(frame) {
  const told = [...new URLSearchParams(window.location.search)].filter(([name]) => TOLD.test(name));
  if (!told.length) return;
  const address = new URL(frame.src);
  told.forEach(([name, value]) => address.searchParams.set(name, value));
  frame.src = address.href;
}
