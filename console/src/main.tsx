import { makeApi } from "./live/client.js";
import { showConsole } from "./console.js";

showConsole(makeApi());
