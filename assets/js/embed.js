import { fitFrames } from "./parts/fit_frames.js";

// Runs on the clinic's own website, from our address: only what we say about our own frames is believed.
fitFrames(document, new URL(document.currentScript.src).origin);
