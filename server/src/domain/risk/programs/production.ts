import type { Findings } from "../findings.js";
import type { Call } from "../shell/call.js";

const removes =
  /(?:^|[\s:_-])(?:destroy|delete|remove|rm|terminate|tear-?down|(?:pg|db|database):reset|nuke|purge|drop|uninstall|decommission)(?:$|[\s:_-])/i;
/** What takes production with it when it goes. */
const wholes =
  /(?:^|[\s:/_-])(?:apps?|applications?|projects?|stacks?|clusters?|environments?|databases?|db|d1|buckets?|pvcs?|sql|postgres|pg|mysql|redis|groups?|namespaces?|sites?|instances?|accounts?|organi[sz]ations?|vpcs?|(?:hosted-)?zones?|everything|all)(?:$|[\s:/_-])/i;
/** Programs whose plain `destroy` is a whole stack. */
const stackPrograms =
  /^(?:pulumi|cdk|cdktf|sam|copilot|serverless|sls|sst|terraform|tofu|terragrunt|amplify|eb|kamal|vercel|now|netlify|surge|railway|render)$/;

/** `prod` as a word of a name: `shop-prod`, `env=production`. */
export function isProductionWord(text: string): boolean {
  return /(?:^|[-_./=:@\s])prod(?:uction)?(?:$|[-_./:@\s])/i.test(text);
}

/** Removing an application, a stack, a database of production by a tool of whatever cloud. */
export function noteProductionWipe(call: Call): void {
  const { program, reader, text, words } = call;
  const tool = program.split(" ")[0] ?? "";
  if (words.some((word) => /^--?(?:dry-?run|plan|preview|help)$/.test(word.text ?? ""))) return;
  const own = `${text.slice(text.indexOf(tool) + tool.length)} ${chosenPlaces(call)}`;
  if (!isProductionWord(own) || !removes.test(own)) return;
  if (wholes.test(own) || stackPrograms.test(tool)) reader.findings.note("wipes_production", text);
}

/** Whether an operation of a tool takes away a whole: `kubernetes delete_namespace`, `terraform destroy`. */
export function removesWhole(operation: string, values: readonly string[]): boolean {
  const named = values.filter((value) => /^[\w-]{1,30}$/.test(value)).join(" ");
  return removes.test(operation) && (wholes.test(`${operation} ${named}`) || stackPrograms.test(operation.split(" ")[0] ?? ""));
}

/** Variables by which tools are told where they act. */
const placeVariables = ["AWS_PROFILE", "TF_WORKSPACE", "PULUMI_STACK", "CLOUDSDK_CORE_PROJECT", "HEROKU_APP", "STAGE", "NODE_ENV", "ENV"];

/** Where earlier commands and variables of this text point tools at. */
export function chosenPlaces({ reader, state }: Call): string {
  return [...reader.chosen, ...placeVariables.map((name) => state.variables.get(name)?.text ?? "")].join(" ");
}

/** A deployment action that takes production down as a whole: no single service is named. */
export function noteProductionWords(texts: readonly string[], text: string, findings: Findings): void {
  const everything = !/"(?:service|app|component|resource)":"[\w-]+"/.test(text);
  if (everything && texts.some(isProductionWord) && texts.some((word) => removes.test(word))) findings.note("wipes_production", text);
}
