/**
 * Tell the page around our frame how high it is, whenever that changes or the page asks; only pages on our list. Its
 * answer names the campaign that led to it, which the form takes along.
 */
export function tellHeight(body) {
  const parents = around(body.dataset.parents.split(" ").filter(Boolean));
  const tell = () => parents.forEach((parent) => {
    window.parent.postMessage({ thresholdHeight: body.scrollHeight }, parent);
  });
  window.addEventListener("message", (event) => {
    if (!parents.includes(event.origin)) return;
    if (event.data?.thresholdAsks) tell();
    if (event.data?.thresholdCampaign) takeAlong(body.querySelector("form"), event.data.thresholdCampaign);
  });
  new ResizeObserver(tell).observe(body);
}

function takeAlong(form, campaign) {
  const address = new URL(form.action);
  Object.entries(campaign).forEach(([name, value]) => address.searchParams.set(name, value));
  form.action = address.href;
}

/** Return the one origin on the list that this frame is in; all of them in a browser that does not say. */
function around(allowed) {
  const known = (window.location.ancestorOrigins || [])[0] || (document.referrer && new URL(document.referrer).origin);
  return known ? allowed.filter((each) => each === known) : allowed;
}
