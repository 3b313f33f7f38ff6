import type { ActionType, PreviewItem, ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading } from "../../reading.js";
import { behindRunner } from "../alternatives.js";

/** Services and clusters that an action touches, and whether they stand still meanwhile (E35). */
export function services({ type, arguments: given }: ProposedAction, { commands }: Reading): readonly PreviewItem[] {
  const lines = commands.map(behindRunner).flatMap(({ program, words }) => {
    const call = serviceCalls.find(([name]) => program !== null && name.test(program));
    return call?.[1](words.map((word) => word ?? "…")) ?? [];
  });
  if (serviceTypes.has(type)) {
    const named = targetNames.flatMap((name) => (typeof given[name] === "string" ? [`${name} ${given[name]}`] : []));
    if (named.length > 0) lines.push(`Touches ${named.join(", ")}.`);
  }
  return lines.map((sentence) => ({ about: "services", sentence }));
}

/** Types whose arguments name what they are about. */
const serviceTypes: ReadonlySet<ActionType> = new Set<ActionType>([
  "deployment",
  "config_change",
  "external_api_call",
  "system_modification",
  "payment",
  "send_communication",
]);
const targetNames = [
  "service",
  "app",
  "project",
  "cluster",
  "namespace",
  "target",
  "environment",
  "region",
  "provider",
  "channel",
] as const;

const serviceCalls: readonly (readonly [program: RegExp, sentence: (words: readonly string[]) => string | null])[] = [
  [
    /^(?:systemctl|service)$/,
    (words) =>
      words.some((word) => /^(?:status|show|is-|list-|cat)/.test(word))
        ? null
        : `Services: ${words.filter((word) => !word.startsWith("-")).join(" ")}.${still(words)}`,
  ],
  [
    /^(?:docker|podman|docker-compose|podman-compose|pm2|supervisorctl|launchctl)$/,
    (words) =>
      words.some((word) => /^(?:up|down|start|stop|restart|reload|kill|rm|pause|delete)$/.test(word))
        ? `Services: ${words.join(" ")}.${still(words)}`
        : null,
  ],
  [
    /^(?:kubectl|helm)$/,
    (words) =>
      /^(?:apply|delete|scale|rollout|patch|upgrade|install|uninstall|rollback|drain)$/.test(
        words.find((word) => !word.startsWith("-")) ?? "",
      )
        ? `Cluster: ${words.join(" ")}.${still(words)}`
        : null,
  ],
];

/** Whether whoever uses it has to wait, as far as the words tell. */
function still(words: readonly string[]): string {
  if (words.some((word) => /^--replicas=0$/.test(word))) return " Downtime: nothing answers until it is scaled up again.";
  if (words.some((word) => /^(?:stop|down|kill|pause|disable|uninstall)$/.test(word)))
    return " Downtime: it stands still until it is started again.";
  if (words.includes("rollout")) return "";
  return words.includes("restart") ? " Downtime: it does not answer while it restarts." : "";
}
