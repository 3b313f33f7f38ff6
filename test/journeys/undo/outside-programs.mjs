#!/usr/bin/env node
// Programs that tests cannot run for real, by the name they are called by. What they print is written after their documentation;
// what they did stands beside their folder, as JSON.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bundlePrograms, languagePrograms, systemPrograms } from "./outside-packages.mjs";

const file = join(dirname(dirname(process.argv[1])), "state.json");
const program = basename(process.argv[1]);
const words = process.argv.slice(2);
const state = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const before = written();
const own = (name) => (state[name] ??= {});
const plain = words.filter((word) => !word.startsWith("-"));
const [verb, ...rest] = plain;
const say = (text) => process.stdout.write(text);
const lines = (rows) => say(rows.map((row) => `${row}\n`).join(""));
const fail = (text, status = 1) => {
  process.stderr.write(`${text}\n`);
  process.exit(status);
};

const called = { own, words, plain, verb, rest, say, lines, fail };
const programs = {
  ...languagePrograms(called),
  ...systemPrograms(called),
  ...bundlePrograms(called),
  systemctl() {
    const units = own("systemctl");
    if (verb === "get-default") return say(`${own("boot").target}\n`);
    if (verb === "set-default") return (own("boot").target = rest[0]);
    if (verb === "show") {
      const unit = units[rest[0]];
      const { runs = false, file: set = "" } = unit ?? {};
      return say(`LoadState=${unit ? "loaded" : "not-found"}\nActiveState=${runs ? "active" : "inactive"}\nUnitFileState=${set}\n`);
    }
    if (verb === "is-enabled") return units[rest[0]] ? say(`${units[rest[0]].file}\n`) : fail("No such file or directory");
    for (const name of rest) {
      const unit = units[name];
      if (!unit) fail(`Failed to ${verb} ${name}: Unit ${name} not found.`, 5);
      if (verb === "start" && unit.file === "masked") fail(`Failed to start ${name}: Unit ${name} is masked.`);
      if (verb === "start" || verb === "stop") unit.runs = verb === "start";
      if (verb === "unmask") unit.file = "disabled";
      if (verb === "enable") unit.file = "enabled";
      if (verb === "disable") unit.file = "disabled";
      if (verb === "mask") unit.file = "masked";
    }
  },
  docker() {
    const containers = own("containers");
    const volumes = own("volumes");
    const networks = own("networks");
    const byId = (id) => Object.entries(containers).find(([name, each]) => name === id || each.id === id);
    if (verb === "ps") return lines(Object.entries(containers).map(([name, { id, is }]) => `${name}\t${id}\t${is}`));
    if (words[1] === "ls")
      return lines(
        Object.entries(verb === "volume" ? volumes : verb === "image" ? own("images") : networks).map(([name, id]) => `${name}\t${id}`),
      );
    if (verb === "tag") own("images")[rest[1]] = own("images")[rest[0]];
    else if (verb === "rmi") delete own("images")[rest[0]];
    else if (verb === "volume") volumes[words.at(-1)] = "local";
    else if (verb === "network" && rest[0] === "create") networks[rest[1]] = `${rest[1]}-id`;
    else if (verb === "network") for (const [name, id] of Object.entries(networks)) if (id === rest[1]) delete networks[name];
    if (verb === "run") containers[words[words.indexOf("--name") + 1]] = { id: `${process.pid}${Date.now()}`, is: "running" };
    const found = byId(words.at(-1));
    if (["rm", "start", "stop", "pause", "unpause"].includes(verb) && !found)
      fail(`Error response from daemon: No such container: ${words.at(-1)}`);
    if (verb === "rm") delete containers[found[0]];
    if (verb === "start" || verb === "unpause") found[1].is = "running";
    if (verb === "stop") found[1].is = "exited";
    if (verb === "pause") found[1].is = "paused";
  },
  // helm.sh/docs/helm: history --output json, get, rollback; an error as in helm 3.
  helm() {
    const releases = own("helm");
    const name = verb === "get" ? rest[1] : rest[0];
    const revisions = releases[name];
    const of = (number) => revisions.find(({ revision }) => revision === Number(number)) ?? revisions.at(-1);
    if (!revisions && verb !== "install") fail("Error: release: not found");
    if (verb === "history") return say(JSON.stringify(revisions.map(({ revision, chart }) => ({ revision, chart, status: "deployed" }))));
    if (verb === "get") return say(`${rest[0]} of ${of(words[words.indexOf("--revision") + 1]).chart}`);
    const next = (revisions?.at(-1).revision ?? 0) + 1;
    if (verb === "uninstall") delete releases[name];
    else if (verb === "rollback") revisions.push({ ...of(rest[1]), revision: next });
    else releases[name] = [...(revisions ?? []), { revision: next, chart: `web-${next}.0.0` }];
  },
  // ufw(8): "show added" lists rules as they were given; "status" says whether they hold.
  ufw() {
    const ufw = own("ufw");
    ufw.rules ??= [];
    if (verb === "show")
      return lines(["Added user rules (see 'ufw status' for running firewall):", ...ufw.rules.map((rule) => `ufw ${rule}`)]);
    if (verb === "status") return say(`Status: ${ufw.active ? "active" : "inactive"}\n`);
    if (verb === "enable" || verb === "disable") ufw.active = verb === "enable";
    else if (verb === "delete") ufw.rules = ufw.rules.filter((rule) => rule !== rest.join(" "));
    else ufw.rules.push(plain.join(" "));
  },
  hostnamectl() {
    if (rest.length === 0) return say(`${words.includes("--pretty") ? "" : own("names").static}\n`);
    own("names").static = rest[0];
  },
  timedatectl() {
    if (verb === "show") return say(`Timezone=${own("clock").zone}\nNTP=${own("clock").ntp}\n`);
    own("clock")[verb === "set-ntp" ? "ntp" : "zone"] = rest[0];
  },
  kubectl() {
    const resources = own("kubectl");
    const name = verb === "create" ? `${rest[0]}/${rest[1]}` : rest[0];
    const namespace = words[words.indexOf("--namespace") + 1];
    if (namespace !== "shop") fail("error: no namespace");
    if (verb === "create") resources[name] = { metadata: { uid: `uid-${Date.now()}` } };
    const found = resources[name];
    if (!found) fail(`Error from server (NotFound): ${name} not found`);
    if (verb === "get") return say(JSON.stringify(found));
    if (verb === "scale") found.spec.replicas = Number(words.find((word) => word.startsWith("--replicas=")).slice(11));
    if (verb === "delete") delete resources[name];
    if (verb !== "label" && verb !== "annotate") return undefined;
    const kept = (found.metadata[verb === "label" ? "labels" : "annotations"] ??= {});
    for (const each of rest.slice(1).filter((word) => word !== "shop")) {
      const [key, value] = each.split("=");
      if (value === undefined) delete kept[key.slice(0, -1)];
      else kept[key] = value;
    }
  },
  crontab() {
    const tables = own("crontab");
    if (words.includes("-l")) return tables.own === undefined ? fail("no crontab for me") : say(tables.own);
    if (words.includes("-r")) delete tables.own;
    else tables.own = readFileSync(words[0] === "-" ? 0 : words[0], "utf8");
  },
  getent() {
    lines(Object.values(own(words[0])));
  },
  useradd() {
    own("passwd")[verb] = `${verb}:x:1001:1001::/home/${verb}:/bin/sh`;
    own("group")[verb] = `${verb}:x:1001:`;
  },
  userdel() {
    delete own("passwd")[verb];
    delete own("group")[verb];
  },
  groupadd() {
    own("group")[verb] = `${verb}:x:1002:`;
  },
  groupdel() {
    if (!own("group")[verb]) fail(`groupdel: group '${verb}' does not exist`, 6);
    delete own("group")[verb];
  },
  usermod() {
    const value = (name) => words[words.indexOf(name) + 1];
    const user = words.at(-1);
    const fields = own("passwd")[user].split(":");
    if (words.includes("-aG")) own("group")[words[1]] += user;
    if (words.includes("--shell")) fields[6] = value("--shell");
    own("passwd")[user] = fields.join(":");
  },
  gpasswd() {
    const [user, group] = [words[1], words[2]];
    const [name, x, id, members] = own("group")[group].split(":");
    const others = members.split(",").filter((each) => each !== user && each !== "");
    own("group")[group] = [name, x, id, (words[0] === "--delete" ? others : [...others, user]).join(",")].join(":");
  },
  findmnt() {
    lines(Object.entries(own("mounts")).map(([target, rest]) => [target, rest].join(" ").replaceAll("_", "\\x20")));
  },
  mount() {
    own("mounts")[words.at(-1)] = `${words.at(-2)} ${words[1]} rw`;
  },
  umount() {
    if (!own("mounts")[words.at(-1)]) fail(`umount: ${words.at(-1)}: not mounted.`, 32);
    delete own("mounts")[words.at(-1)];
  },
  sudo() {
    execFileSync(words[1], words.slice(2), { stdio: "inherit" });
    process.exit(0);
  },
};

const refused = existsSync(`${file}.refused`) ? readFileSync(`${file}.refused`, "utf8") : undefined;
appendFileSync(`${file}.calls`, `${[program, ...words].join(" ")}\n`);
if (refused !== undefined && [program, ...words].join(" ").startsWith(refused)) fail("E: no network");
programs[program]();
// Those that only look leave the file alone: another may look at the same time.
const now = written();
if (now !== before) writeFileSync(file, now);

/** What is empty might as well never have been looked at. */
function written() {
  return JSON.stringify(Object.fromEntries(Object.entries(state).filter(([, things]) => Object.keys(things).length > 0)));
}
