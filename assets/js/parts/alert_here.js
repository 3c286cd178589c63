const KEY = "desk-alerts"; // what this browser was asked to do; nothing of it is a person's data

/**
 * A sound and a count in the tab's title for new urgent leads, if this browser was asked for them. Nothing blinks or
 * moves, so there is nothing to turn off for those who want less motion.
 */
export function alertHere(root) {
  const panel = root.querySelector("[data-alerts]");
  if (!panel) return;
  const wishes = read();
  let unseen = 0;
  let audio;

  const ready = () => {
    audio = audio || new AudioContext();
    return audio.state === "suspended" ? audio.resume() : Promise.resolve();
  };
  const title = () => {
    const plain = document.title.replace(/^\(\d+ new\) /, "");
    const shown = wishes.badge && unseen ? `(${unseen} new) ${plain}` : plain;
    if (shown !== document.title) document.title = shown;
  };
  const isSeen = () => {
    unseen = 0;
    title();
  };

  panel.hidden = false;
  panel.querySelectorAll("input[name]").forEach((input) => {
    input.checked = Boolean(wishes[input.name]);
    input.addEventListener("change", () => {
      wishes[input.name] = input.checked;
      write(wishes);
      title();
      if (wishes.sound) ready();
      say(panel, wishes);
    });
  });
  panel.querySelector("[data-test]").addEventListener("click", () => {
    ready().then(() => chime(audio));
    panel.querySelector("[data-said]").textContent = "That was the sound. If you heard nothing, look at this device's volume.";
  });
  // a browser lets a page make a sound only after its first press or key
  ["pointerdown", "keydown"].forEach((kind) => root.addEventListener(kind, () => wishes.sound && ready(), { once: true }));
  ["focus", "pointerdown", "keydown"].forEach((kind) => window.addEventListener(kind, isSeen));
  root.addEventListener("htmx:afterSettle", title);
  root.addEventListener("desk:news", ({ detail }) => {
    if (!detail.arrived) return;
    unseen += detail.arrived;
    title();
    if (wishes.sound) ready().then(() => chime(audio));
  });
  say(panel, wishes);
}

function say(panel, wishes) {
  const on = [wishes.sound && "a sound", wishes.badge && "a count in the tab's title"].filter(Boolean);
  panel.querySelector("[data-state]").textContent = on.length ? on.join(" and ") : "off";
}

/** Two soft notes, a fifth apart, made here: no file and nobody else's server. */
function chime(audio) {
  [660, 990].forEach((pitch, n) => {
    const start = audio.currentTime + n * 0.22;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.25, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.42);
  });
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch (error) {
    console.warn("this browser keeps no settings:", error);
    return {};
  }
}

function write(wishes) {
  try {
    localStorage.setItem(KEY, JSON.stringify(wishes));
  } catch (error) {
    console.warn("this browser keeps no settings:", error);
  }
}
