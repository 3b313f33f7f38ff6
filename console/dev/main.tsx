import { showConsole } from "../src/console.js";
import { makeApi } from "../src/live/client.js";
import { moveThings } from "./fake/script.js";
import { fakeFetch } from "./fake/server.js";
import { seed } from "./fake/seed.js";

/** `?empty` starts with nothing, `?signed-out` without a person, `?still` without anything that moves. */
const wishes = new URLSearchParams(location.search);
const state = seed(Date.now(), wishes.has("empty"));
state.signedIn = !wishes.has("signed-out");
const go = wishes.get("at");
if (go) history.replaceState(null, "", go);
else history.replaceState(null, "", "/");
if (!wishes.has("still")) moveThings(state);
// For browser tests: what happens elsewhere while a person looks.
Object.assign(globalThis, { fake: state });
showConsole(makeApi({ fetch: fakeFetch(state) }));
