// Lets Node run the workspace's TypeScript as it stands: `./x.js` means `./x.ts` where that is what there is, and so does
// the whole address of such a file, by which a process of our own is started (the watchdog of `pullcord run`).
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    if (!/^(\.|file:).*\.js$/.test(specifier)) return next(specifier, context);
    try {
      return next(specifier.replace(/\.js$/, ".ts"), context);
    } catch {
      return next(specifier, context);
    }
  },
});
