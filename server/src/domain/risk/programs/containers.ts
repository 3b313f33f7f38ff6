import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { type Given, sortWords } from "./flags.js";
import { noteForbiddenTail } from "./hidden-commands.js";
import { type Mount, noteInside } from "./inside-container.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

const shows: Usage = { flags: "*", does: "harmless" };
const local: Usage = { flags: "*", does: "local_containers" };
/** An image makes another container, not the one that was: what was written in it is gone, and undo says that it stays. */
const removal = "removes_containers";
const volumes: Usage = { flags: "*", does: "drops_volumes" };
const runFlags =
  "--privileged!container_breakout --pid=!container_breakout --net=text --network=text --ipc=!container_breakout --uts=!container_breakout --userns=!container_breakout --cap-add=!container_breakout --device=!container_breakout --security-opt=!container_breakout --volumes-from=!container_breakout -v=text --volume=text --mount=text -p=text --publish=text -P -d -i -t -e= -w= -u= -h= -l= -m= --rm --name= --env= --env-file=text --workdir= --user= --hostname= --label= --memory= --cpus= --entrypoint= --platform= --init --detach --interactive --tty --restart= --add-host= --dns= --shm-size= --tmpfs= --read-only --pull= --gpus= --link= --network-alias= --log-driver= --log-opt= --ulimit= --stop-timeout= --health-cmd= --no-healthcheck --expose= --group-add= --cidfile=write --quiet -q -it";

const compose: Usage = {
  flags:
    "-f=read --file=read -p= --project-name= --profile= --env-file= --project-directory=folder --ansi= --compatibility --progress= --dry-run:dry",
  verbs: {
    "ps ls logs config images top port version events stats volumes": shows,
    "up create watch scale": {
      flags: "-V!drops_volumes --renew-anon-volumes!drops_volumes -d -t= --timeout= --scale= *",
      does: "remakes_containers",
    },
    "start stop restart build pull pause unpause kill wait": local,
    down: { flags: "-v!drops_volumes --volumes!drops_volumes --rmi= --remove-orphans -t= --timeout=", does: removal },
    rm: { flags: "-v!drops_volumes -f -s --force --stop", does: removal },
    "exec run": {
      flags:
        "-v=text --volume=text -T -d -e= -u= -w= -it -i -t --rm --no-deps --entrypoint= --name= --env= --user= --workdir= --index= -p= --service-ports --build",
      stopsEarly: true,
      read: execInside,
    },
    "push cp": { flags: "*", does: "changes_remote" },
  },
};

const docker: Usage = {
  flags:
    "-H=!other_machine --host=!other_machine -c=!other_machine --context=!other_machine --config=read -D --debug -l= --log-level= --tls -v:shows",
  bare: "harmless",
  verbs: {
    compose,
    inspect: { flags: "*", read: inspect },
    "ps images logs stats top port diff version info history search events manifest-inspect buildx-ls": {
      flags: "*",
      does: "harmless",
    },
    "run create": { flags: runFlags, stopsEarly: true, read: runContainer },
    "start stop restart kill pause unpause wait rename tag pull update attach": local,
    build: { flags: "--output=!writes_workspace -o=!writes_workspace --push!changes_remote *", does: "local_containers" },
    buildx: {
      verbs: {
        "ls inspect version du": shows,
        "build bake": { flags: "--push!changes_remote *", does: "local_containers" },
        "create use stop": local,
        "rm prune": { flags: "*", does: removal },
      },
    },
    rm: { flags: "-v!drops_volumes --volumes!drops_volumes -f -l --force --link", does: removal },
    rmi: { flags: "*", does: removal },
    exec: {
      flags: "--privileged!container_breakout -d -e= -i -t -u= -w= -it --env= --user= --workdir= --interactive --tty --detach",
      stopsEarly: true,
      read: execInside,
    },
    cp: {
      flags: "*",
      read: ({ reader, text, words, state }) => {
        const target = words.at(-1);
        for (const word of words) if (isSecretInside(word.text ?? "", reader.surroundings)) reader.findings.note("reads_secret", text);
        for (const word of words)
          if (!/^[\w.-]+:/.test(word.text ?? "") && !(word.text ?? "").startsWith("-"))
            reader.touch(word === target ? "write" : "read", word, state);
        reader.findings.note("local_containers", text);
      },
    },
    volume: { verbs: { "ls inspect": shows, create: local, "rm prune": volumes } },
    "network image container builder context": {
      verbs: {
        "ls inspect list history show logs stats top df": shows,
        "create connect disconnect pull tag build start stop restart": local,
        use: { flags: "*", does: "other_machine" },
        "prune rm": { flags: "--volumes!drops_volumes -v!drops_volumes *", does: removal },
        push: { flags: "*", does: "changes_remote" },
        run: { flags: runFlags, stopsEarly: true, read: runContainer },
        exec: { flags: "-i -t -it -e= -u= -w= -d", stopsEarly: true, read: execInside },
        "save export": { flags: "-o=write --output=write", does: "local_containers" },
      },
    },
    system: { verbs: { "df info events": shows, prune: { flags: "--volumes!drops_volumes *", does: "drops_volumes" } } },
    "save export": { flags: "-o=write --output=write --platform=", does: "local_containers" },
    "load import": { flags: "-i=read --input=read -q *", does: "local_containers" },
    commit: local,
    push: { flags: "*", does: "changes_remote" },
    "login logout": { flags: "*", does: "sends_credential" },
    manifest: { verbs: { inspect: shows }, otherVerbs: { flags: "*", does: "changes_remote" } },
    scout: { flags: "*", does: "reads_remote" },
    "swarm service stack node secret config plugin trust": {
      verbs: { "ls ps inspect logs list": shows },
      otherVerbs: { flags: "*", does: "changes_remote" },
    },
    machine: {
      verbs: { "ls list info inspect": shows, "start stop": { flags: "-q", does: "local_containers" } },
      otherVerbs: { flags: "*", does: "changes_system" },
    },
  },
};

/** Containers, and what else keeps programs apart. */
export const containers: Programs = {
  "docker podman nerdctl": docker,
  "docker-compose podman-compose": compose,
  "kind minikube k3d": {
    flags: "*",
    verbs: {
      "get status version logs profile ip list service-list kubeconfig-not": shows,
      "create start stop load image pause unpause": local,
      delete: { flags: "*", does: "drops_volumes" },
      cluster: { verbs: { "list ls get": shows, "create start stop": local }, otherVerbs: { flags: "*", does: "drops_volumes" } },
    },
  },
  "lxc lxc-attach lxd incus systemd-nspawn chroot unshare nsenter bwrap firejail runc ctr crictl qemu-system-x86_64": {
    flags: "--version:shows",
    does: "container_breakout",
    takes: "text...",
    read: (call, usage) => (looksAtJails.test(call.text) ? call.reader.findings.note("reads_local", call.text) : readJail(call, usage)),
  },
};

const looksAtJails =
  /^(?:lxc|incus) (?:(?:list|ls|info|version)|(?:image|profile|network|storage|remote|project|operation) (?:list|ls|show|info))(?: [\w/][\w./:=,-]*)*$/;

/** What these run acts on the machine all the same. */
function readJail(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  noteForbiddenTail(call, { anyText: true });
}

/** `web:/app/.env`: a file of secrets of a container's. */
function isSecretInside(word: string, surroundings: Call["reader"]["surroundings"]): boolean {
  const path = /^[\w.-]+:(\/.*)$/.exec(word)?.[1];
  return path !== undefined && placeOf(path, surroundings).secret;
}

function confuse(call: Call, given: Given): void {
  for (const word of given.unknown)
    call.reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, call.text, "unknown_option");
  for (const { flag, source } of given.flags) if (flag.does) call.reader.findings.note(flag.does, source);
}

/** A host folder inside a container is written as if no container were there. */
function noteMounts(call: Call, given: Given): Mount[] {
  const { reader, state } = call;
  const mounts: Mount[] = [];
  for (const { flag, value, source } of given.flags) {
    if (/^(?:--net|--network)$/.test(flag.name) && value?.text === "host") reader.findings.note("container_breakout", source);
    if (/^(?:-p|--publish)$/.test(flag.name) && value?.text?.startsWith("0.0.0.0:")) reader.findings.note("opens_port", source);
    if (!/^(?:-v|--volume|--mount)$/.test(flag.name)) continue;
    const text = value?.text ?? null;
    const from =
      text === null ? null : flag.name === "--mount" ? (/(?:source|src)=([^,]+)/.exec(text)?.[1] ?? null) : (text.split(":")[0] ?? null);
    if (from === null) {
      reader.findings.confused("What is mounted is only known when it runs.", source);
      continue;
    }
    if (!/^[./~]/.test(from)) continue;
    const path = reader.surroundings.resolve(from, state.folder ?? "/").path;
    mounts.push({ host: path ?? from, inside: insideOf(text ?? "") });
    const { workspace } = reader.surroundings;
    const inside = path !== null && workspace !== null && (path === workspace || path.startsWith(`${workspace}/`));
    if (placeOf(path, reader.surroundings).gate === "inside" && !/:ro(?:,|$)|readonly/.test(text ?? ""))
      reader.findings.gate(`Gives a container ${from}, which belongs to Pullcord.`, source);
    if (!inside) reader.findings.note("container_breakout", source);
  }
  return mounts;
}

/** Where a mounted folder stands in the container: `/host:/inside:ro`, `type=bind,target=/inside`. */
function insideOf(text: string): string {
  return /(?:target|destination|dst)=([^,]+)/.exec(text)?.[1] ?? text.split(":")[1] ?? "/";
}

/** The program that the image would start, where the command line names another. */
function entryOf({ flags }: Given): Call["words"] {
  const value = flags.findLast(({ flag }) => flag.name === "--entrypoint")?.value;
  return value ? [value] : [];
}

function runContainer(call: Call, usage: Usage): void {
  const given = sortWords(call.words, { ...usage, stopsEarly: true });
  confuse(call, given);
  const mounts = noteMounts(call, given);
  const { reader, text } = call;
  reader.findings.note("local_containers", text);
  if (given.others.some((word) => word.text === null)) reader.findings.note("runs_unknown", text);
  const command = given.others.slice(1);
  if (command.length > 0) noteInside({ ...call, words: command }, { mounts, entry: entryOf(given), image: given.others[0] });
}

/** Inside a container a command cannot leave it; what loses data there still does. */
export function execInside(call: Call, usage: Usage): void {
  const given = sortWords(call.words, { ...usage, stopsEarly: true });
  confuse(call, given);
  noteMounts(call, given);
  call.reader.findings.note("local_containers", call.text);
  const command = given.others.slice(given.others[1]?.text === "--" ? 2 : 1);
  const [first] = command;
  if (!first) return;
  if (/^(?:sh|bash|ash|zsh|python3?|node)$/.test(first.text ?? "") && command.length === 1)
    return call.reader.findings.confused("It opens a shell in a container.", call.text, "runs_unknown");
  call.reader.runWords(command, call.state);
}

/** A container's environment holds what it was given in secret. */
function inspect({ reader, text }: Call): void {
  reader.findings.note(/\.Env\b|json \.Config\b/.test(text) ? "reads_secret" : "harmless", text);
}
