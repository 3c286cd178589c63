// A worker, because browsers slow the timers of a tab in the background down to one a minute, but not a worker's.
setInterval(() => self.postMessage("tick"), 1000);
