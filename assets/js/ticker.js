// A worker, because browsers slow the timers of a tab in the background down to one a minute, but not a worker's.
const EVERY = 700; // milliseconds: news is shown within two seconds, with what placing and drawing take
setInterval(() => self.postMessage("tick"), EVERY);
