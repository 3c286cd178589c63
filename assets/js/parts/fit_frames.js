const TALLEST = 20000; // CSS pixels
const TOLD = /^(utm_(source|medium|campaign|term|content)|campaign)$/;

/**
 * Give each of our frames the height that it asks for, and tell it which campaign led to the page around it. It is told
 * by a message when it speaks to us: a new address would load it again, and take away what somebody has typed by then.
 */
export function fitFrames(root, origin) {
  const frames = [...root.querySelectorAll("iframe[data-threshold]")].filter((frame) => isOurs(frame, origin));
  const campaign = Object.fromEntries([...new URLSearchParams(window.location.search)].filter(([name]) => TOLD.test(name)));
  window.addEventListener("message", (event) => {
    if (event.origin !== origin) return;
    const frame = frames.find((each) => each.contentWindow === event.source);
    const height = Number(event.data && event.data.thresholdHeight);
    if (!frame || !(height > 0)) return;
    frame.style.height = `${Math.min(Math.ceil(height), TALLEST)}px`;
    frame.contentWindow.postMessage({ thresholdCampaign: campaign }, origin);
  });
  // Nothing to hide, and it may still be loading.
  frames.forEach((frame) => frame.contentWindow.postMessage({ thresholdAsks: true }, "*"));
}

function isOurs(frame, origin) {
  return new URL(frame.src, document.baseURI).origin === origin;
}
