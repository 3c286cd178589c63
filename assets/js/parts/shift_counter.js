const WITHIN = 5000; // milliseconds from the first press

/**
 * Count presses of Shift on its own; with another key it is writing, and the count starts again. `tell` hears of each
 * press, and of 0 when the time is over; `done` is called at the last one.
 */
export function countShift(root, presses, tell, done) {
  let count = 0;
  let timer;
  let isWriting = false;

  const stop = () => {
    clearTimeout(timer);
    count = 0;
  };
  const pressed = () => {
    count += 1;
    if (count >= presses) return done();
    if (count === 1) timer = setTimeout(() => { stop(); tell(0); }, WITHIN);
    return tell(count);
  };
  root.addEventListener("keydown", (event) => {
    if (event.key === "Shift") return;
    isWriting = event.shiftKey;
    stop();
  });
  root.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return;
    if (!isWriting) pressed();
    isWriting = false;
  });
}
