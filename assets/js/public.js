import { focusErrorSummary } from "./parts/error_summary.js";
import { sendOnce } from "./parts/send_once.js";
import { watchForExit } from "./parts/quick_exit.js";
import { warnBeforeEnd } from "./parts/warn_before_end.js";

watchForExit(document);
focusErrorSummary(document);
sendOnce(document);
warnBeforeEnd(document);
