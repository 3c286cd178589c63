import { tellHeight } from "./parts/tell_height.js";

tellHeight(document.body);
