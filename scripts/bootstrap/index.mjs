import { needDependencies } from "./dependencies.mjs";
import { needNode } from "./node.mjs";

/** What every script begins with: the right Node, then the right dependencies. */
export async function bootstrap() {
  await needNode();
  await needDependencies();
}
