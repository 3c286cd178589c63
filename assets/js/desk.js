import { copyNumbers } from "./parts/copy_numbers.js";
import { focusErrorSummary } from "./parts/error_summary.js";
import { sendOnce } from "./parts/send_once.js";
import { keepLive } from "./parts/keep_live.js";
import { alertHere } from "./parts/alert_here.js";
import { keepNotes } from "./parts/keep_notes.js";
import { dragCards } from "./parts/drag_cards.js";
import { shortcuts } from "./parts/shortcuts.js";
import { showCurrent } from "./parts/show_current.js";

copyNumbers(document);
focusErrorSummary(document);
sendOnce(document);
keepLive(document);
alertHere(document);
keepNotes(document);
dragCards(document);
shortcuts(document);
showCurrent(document);
