import { focusErrorSummary } from "./parts/error_summary.js";
import { sendOnce } from "./parts/send_once.js";
import { keepPlace } from "./parts/keep_place.js";
import { showCurrent } from "./parts/show_current.js";

focusErrorSummary(document);
sendOnce(document);
keepPlace(document);
showCurrent(document);
