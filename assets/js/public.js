import { focusErrorSummary } from "./parts/error_summary.js";
import { sendOnce } from "./parts/send_once.js";
import { watchForExit } from "./parts/quick_exit.js";

watchForExit(document);
focusErrorSummary(document);
sendOnce(document);
