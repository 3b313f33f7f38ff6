import type { Call } from "../shell/call.js";
import { execInside } from "./containers.js";
import { noteForbiddenTail } from "./hidden-commands.js";
import { isProductionWord } from "./production.js";
import { readByTable } from "./read-call.js";
import { isRecorder } from "./recorders.js";
import type { Programs, Usage } from "./usage.js";

const shows: Usage = { flags: "*", does: "harmless" };
const cluster =
  "-n= --namespace= --context=text --cluster= --kubeconfig=!steers_tools --as=!privilege -s=!other_machine --server=!other_machine --token=!sends_credential -v= --request-timeout= --user= --insecure-skip-tls-verify -A --all-namespaces";
const selectors = `${cluster} -o= --output= -l= --selector= --field-selector= -w --watch -f= --filename= -c= --container= --tail= --since= --sort-by= --show-labels --no-headers --previous -p --timestamps -R --recursive --all-containers --prefix --for= --timeout= --template= --chunk-size= --follow --ignore-not-found --max-log-requests= --show-managed-fields --subresource= -L= --raw=`;

/** Clusters and what is deployed to them. */
export const clusters: Programs = {
  "kubectl oc k3s-kubectl k kubecolor": { read: readCluster, flags: cluster },
  helm: {
    flags: `${cluster} --kube-context=text --debug`,
    verbs: {
      "list ls status history get show search template diff lint version env repo-list verify": {
        flags: "--post-renderer=!runs_hidden *",
        does: "reads_remote",
      },
      repo: { verbs: { list: shows, "update add": { flags: "*", does: "installs_new" } } },
      "dependency dep": { flags: "*", does: "installs_locked" },
      "package create": { flags: "*", does: "runs_task" },
      plugin: { verbs: { list: shows }, otherVerbs: { flags: "*", does: "installs_new" } },
      "install upgrade rollback": { flags: "--dry-run?:dry --post-renderer=!runs_hidden *", does: "changes_remote" },
      "uninstall delete un del": { flags: "--dry-run:dry *", does: "destroys_remote", read: removeReleases },
      push: { flags: "*", does: "publishes" },
    },
  },
  "kubectx kubens": {
    flags: "*",
    does: "changes_remote",
    bare: "harmless",
    read: (call, { read: _own, ...table }) => {
      const name = call.words.find((word) => /^\w/.test(word.text ?? ""))?.text;
      if (name && call.program === "kubectx") call.reader.chosen.push(name);
      readByTable(call, table);
    },
  },
  skaffold: {
    verbs: {
      "diagnose config options schema survey version render inspect help": shows,
      "build test": { flags: "--push!publishes --push?!publishes *", does: "local_containers" },
    },
  },
  "k9s stern kustomize kubeval kubeconform skaffold-not dive ctop lazydocker hadolint-not": {
    flags: "--enable-exec!runs_hidden --enable-alpha-plugins!runs_hidden *",
    does: "reads_remote",
  },
};

const clusterVerbs: Readonly<Record<string, Usage>> = {
  "get describe logs top explain api-resources api-versions version cluster-info events diff options auth wait": {
    flags: `${selectors} --watch-only --show-kind --server-print? --containers --heads --dry-run= --verbs= --namespaced= --short --client -i=`,
    does: "reads_remote",
  },
  config: {
    verbs: {
      view: { flags: "--raw!reads_secret --minify -o= --flatten", does: "reads_remote" },
      "get-contexts current-context get-clusters get-users": { flags: "*", does: "reads_remote" },
      "use-context use set-context set set-cluster set-credentials delete-context delete-cluster unset rename-context": {
        flags: "*",
        does: "changes_remote",
      },
    },
  },
  "kustomize completion plugin": { flags: "*", does: "reads_remote" },
  delete: { flags: `--dry-run?:dry --all --force --grace-period= --wait? --cascade? --now ${selectors}`, does: "destroys_remote" },
  "drain cordon uncordon taint evict": { flags: `--dry-run?:dry * ${cluster}`, does: "changes_remote" },
  exec: { flags: `-i -t -it -c= --container= ${cluster} -q -f= --stdin --tty`, stopsEarly: true, read: execInside },
  rollout: {
    verbs: {
      "status history": { flags: `${selectors} --revision=`, does: "reads_remote" },
      "restart undo pause resume": { flags: `${selectors} --to-revision= --dry-run?:dry`, does: "changes_remote" },
    },
  },
  "port-forward proxy attach cp debug": { flags: `* ${cluster}`, does: "changes_remote" },
  "apply create run expose scale autoscale set label annotate edit replace patch certificate": {
    flags: `--dry-run?:dry ${selectors} --replicas= --image= -k= --force --prune --overwrite --type= --patch= --port= --save-config --from-literal= --from-file=read --server-side --restart= --rm -it -i -t --command --env= --record --all --target-port= --name=`,
    does: "changes_remote",
  },
};

/** Secrets in a cluster are secrets; a throw-away local cluster by explicit context may be changed. */
function readCluster(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const { read: _own, ...table } = usage;
  const words = call.words.map((word) => word.text ?? "");
  const picked = /\bconfig\s+(?:use-context|use)\s+([\w.@:/-]+)/.exec(text)?.[1];
  if (picked) reader.chosen.push(picked);
  const context = contextOf(words) ?? reader.chosen.at(-1) ?? null;
  const kind = reader.surroundings.facts?.cluster?.(context) ?? null;
  const production =
    kind === "production" ||
    /(?:^|[-_./@])prod(?:uction)?(?:[-_./]|$)/.test(context ?? "") ||
    words.some((word) => /^prod(?:uction)?(?:-|$)/.test(word));
  const verb = words.find((word) => clusterVerb.test(word));
  if (
    /^(?:get|describe)$/.test(verb ?? "") &&
    words.some((word) => /(?:^|,)secrets?(?:$|[/,.])/.test(word)) &&
    words.some((word) => /^(?:-o|--output)/.test(word))
  )
    reader.findings.note("reads_secret", text);
  if (words.some((word) => word.startsWith("--raw")) && verb === "get") reader.findings.note("reads_secret", text);
  if (/^(?:delete|scale|patch|edit|replace|drain)$/.test(verb ?? "") && words.some((word) => isRecorder(word.replace(/^.*\//, ""))))
    reader.findings.note("tampers_audit", text);
  const given = call.state.input.kind === "text" ? (call.state.input.text ?? "") : "";
  if (/^(?:apply|create|replace)$/.test(verb ?? "") && /cluster-admin/.test(given)) reader.findings.note("grants_access", text);
  if (/^(?:run|create|debug)$/.test(verb ?? "")) noteForbiddenTail(call, { anyText: true });
  const grants = /clusterrolebinding|rolebinding/.test(text) && /cluster-admin/.test(text) && verb === "create";
  if (grants) reader.findings.note("grants_access", text);
  const throwAway =
    (kind === "throwaway" && context !== null) || /^(?:kind-|minikube$|k3d-|docker-desktop$|rancher-desktop$|colima$)/.test(context ?? "");
  if (!throwAway) {
    if (production && verb === "delete" && !/--dry-run/.test(text) && /\b(?:namespaces?|ns|nodes?)\b|--all\b|\spvc?\b/.test(text))
      reader.findings.note("wipes_production", text);
    if (
      production &&
      /^(?:delete|apply|create|scale|patch|replace|edit|exec|rollout|drain)$/.test(verb ?? "") &&
      !/--dry-run/.test(text) &&
      !/rollout (?:status|history)/.test(text)
    )
      reader.findings.note("production", text);
    return readByTable(call, { ...table, verbs: clusterVerbs });
  }
  if (verb === "delete" && /\b(?:pvc|pv|persistentvolume\w*|namespaces?|ns|--all)\b/.test(text))
    return reader.findings.note("drops_volumes", text);
  if (verb === "exec") return readByTable(call, { ...table, verbs: clusterVerbs });
  if (verb === "proxy" || verb === "port-forward")
    return reader.findings.note(/--address[= ](?!127|localhost)/.test(text) ? "opens_port" : "local_containers", text);
  reader.findings.note("local_containers", text);
}

/** One release of production is a question; all that a list gives is production as a whole. */
function removeReleases(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  const { reader, text, words } = call;
  if (isProductionWord(`${text} ${reader.chosen.join(" ")}`) && words.some((word) => word.text === null))
    reader.findings.note("wipes_production", text);
}

const clusterVerb =
  /^(?:get|describe|logs|delete|apply|create|scale|patch|replace|edit|exec|rollout|drain|run|expose|set|label|annotate|cp|port-forward|proxy|config|top|cordon|uncordon|taint|attach|debug|diff|explain|wait|autoscale)$/;

function contextOf(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === "--context");
  if (at >= 0) return words[at + 1] ?? null;
  return words.find((word) => word.startsWith("--context="))?.slice("--context=".length) ?? null;
}
