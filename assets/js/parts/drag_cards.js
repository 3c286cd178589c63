/** A card of the board can be dragged to a column that one of its buttons moves it to: dropping presses the button. */
export function dragCards(root) {
  const board = root.querySelector("[data-board]");
  if (!board) return;
  let dragged = null;
  const buttonFor = (column) => dragged?.querySelector(`button[name="to"][value="${column.dataset.stage}"]`);

  board.querySelectorAll("[data-card]").forEach((card) => {
    if (card.querySelector('button[name="to"]')) card.draggable = true;
  });
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-card]");
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    board.querySelectorAll(".board__column--open").forEach((column) => column.classList.remove("board__column--open"));
  });
  board.querySelectorAll("[data-stage]").forEach((column) => {
    column.addEventListener("dragover", (event) => {
      if (!buttonFor(column)) return;
      event.preventDefault();
      column.classList.add("board__column--open");
    });
    column.addEventListener("dragleave", () => column.classList.remove("board__column--open"));
    column.addEventListener("drop", (event) => {
      const button = buttonFor(column);
      if (!button) return;
      event.preventDefault();
      button.click();
    });
  });
}
