import { prove } from "./parts/prove.js";

prove(document);
