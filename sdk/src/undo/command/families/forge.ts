import { eachAlone, operandsOf, optionOf, type Ask, type Call, type Family, type SeenCommand, type ThingChange } from "../family.js";
import { notLookedAt, told } from "../run-program.js";
import { addressOf, repositoryAt } from "./git-remote.js";

/** Options of `gh` whose value is a word of its own. */
const taking =
  "-R --repo -t --title -b --body -F --body-file -l --label -a --assignee -m --milestone -p --project -B --base -H --head -r --reviewer -n --notes --notes-file --target -c --comment --reason --color -d --description --add-label --remove-label --name --template".split(
    " ",
  );
const name = /^[\w.-]+$/;
const number = /^[1-9]\d{0,9}$/;
/** As git has it, without a way upwards in an address. */
const tag = /^\w(?!.*\.\.)[\w.+/@-]*$/;
/** `gh` hands its token for GitHub to whoever listens on this machine under such a name. */
const ownMachine = /(^|\.)localhost$/i;

/**
 * Issues, pull requests, comments, labels and releases at GitHub, asked for and changed through `gh api`, with whoever is signed in
 * there. What people were told stays told: these make up for an effect more than they undo it. A place is a host, a repository,
 * what in it, and which.
 */
export const forge: Family = {
  name: "forge",
  placesOf: (command) => {
    const { program, words } = command;
    if (program !== "gh") return [];
    const [what = "", verb = "", named] = operandsOf(words, taking);
    const place = repositoryOf(command);
    const found = place && thingsOf(what, verb, named);
    return place && found ? found.map((things) => [...place, ...things]) : [];
  },
  named: ([host, repository, what, which]) =>
    `${names[what ?? ""] ?? "things"}${which === undefined ? "" : ` ${which}`} of ${host === "github.com" ? "" : `${host}/`}${repository}`,
  look: async (at, { ask }) => new Map(await (looks[at[2] ?? ""] ?? nothing)(at, api(at, ask))),
  compensation: "makes up for it: what people were told stays told",
  ways: async (at, changes, { ask }) => {
    const merged = await mergedOf(at, changes, api(at, ask));
    return eachAlone(changes, (change) =>
      merged.has(change.name) ? `A merge can't be taken back; git revert makes up for it.` : wayOf(at, change),
    );
  },
};

const names: Readonly<Record<string, string>> = {
  open: "open issues and pull requests of yours",
  issue: "issue",
  comments: "comments of yours on",
  labels: "labels",
  release: "release",
};

/** What a command may change, as the rest of a place. */
function thingsOf(what: string, verb: string, named: string | undefined): string[][] {
  const which = named?.replace(/^.*\/(?:issues|pull)\/(\d+)$/, "$1") ?? "";
  if (what === "label") return /^(create|edit|delete|clone)$/.test(verb) ? [["labels"]] : [];
  if (what === "release") return /^(create|delete|edit)$/.test(verb) && tag.test(which) ? [["release", which]] : [];
  if (what !== "issue" && what !== "pr") return [];
  if (/^(create|new)$/.test(verb)) return [["open"]];
  if (!number.test(which)) return [];
  if (/^(close|reopen|edit|merge|ready|lock|unlock)$/.test(verb))
    return [["issue", which], ...(verb === "close" ? [["comments", which]] : [])];
  return /^(comment|review)$/.test(verb) ? [["comments", which]] : [];
}

/** The host and the repository that are meant: as named, or those of the folder. */
function repositoryOf({ words, folder }: SeenCommand): [host: string, repository: string] | null {
  const named = optionOf(words, ["-R", "--repo"]);
  const own = folder === null ? null : repositoryAt(folder);
  const address = named ?? (own === null ? null : addressOf(undefined, own));
  const [, host = "github.com", owner = "", project = ""] =
    /^(?:(?:https?|ssh):\/\/(?:[^@/]*@)?|[\w.-]+@)?(?:([\w-]+(?:\.[\w-]+)+)(?::\d+)?[/:])?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      address ?? "",
    ) ?? [];
  const isName = (text: string) => name.test(text) && !/^(-|\.+$)/.test(text);
  return isName(owner) && isName(project) && !ownMachine.test(host) ? [host, `${owner}/${project}`] : null;
}

type Api = (path: string) => Promise<unknown>;

/** @throws PullcordError `unavailable`/`not_looked_at`; null for what is not there */
function api([host = "", repository = ""]: readonly string[], ask: Ask): Api {
  return async (path) => {
    const argv = ["gh", "api", "--hostname", host, "--method", "GET", path.replace(/^\//, path === "/user" ? "" : `repos/${repository}/`)];
    const { status, stdout, stderr } = await ask({ argv });
    if (status !== 0 && /HTTP 404/.test(stderr)) return null;
    const said = told({ status, stdout, stderr });
    try {
      return JSON.parse(said);
    } catch {
      throw notLookedAt("gh did not say what is there.");
    }
  };
}

const perPage = 100;
/** Most pages of one list. What is longer is not looked at: what is new in it could not be told. */
const mostPages = 10;

async function listed<T>(ask: Api, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const some = ((await ask(`${path}${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`)) ?? []) as T[];
    found.push(...some);
    if (some.length < perPage) return found;
  }
  throw notLookedAt(`there are more than ${mostPages * perPage} of them.`);
}

async function me(ask: Api): Promise<string> {
  const { login } = (await ask("/user")) as { readonly login?: string };
  if (login === undefined || !name.test(login)) throw notLookedAt("gh is not signed in.");
  return login;
}

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly labels?: readonly { readonly name: string }[];
  readonly pull_request?: { readonly merged_at?: string | null };
}

type Look = (at: readonly string[], ask: Api) => Promise<readonly (readonly [string, string])[]>;

const nothing: Look = () => Promise.resolve([]);

const looks: Readonly<Record<string, Look>> = {
  open: async (_at, ask) => {
    const own = await listed<Issue>(ask, `/issues?state=open&creator=${await me(ask)}`);
    return own.map(({ number: id, title, pull_request: pull }) => [`${pull ? "pull request" : "issue"} ${id}`, title] as const);
  },
  issue: async ([, , , which], ask) => {
    const found = (await ask(`/issues/${which}`)) as Issue | null;
    if (found === null) return [];
    const { state, title, labels = [], pull_request: pull } = found;
    const labelled = labels.map((label): [string, string] => [`label ${label.name}`, "set"]);
    return [["state", pull?.merged_at ? "merged" : state], ["title", title], ...labelled];
  },
  comments: async ([, , , which], ask) => {
    const login = await me(ask);
    const all = await listed<{ readonly id: number; readonly body: string; readonly user: { readonly login: string } }>(
      ask,
      `/issues/${which}/comments`,
    );
    return all.flatMap(({ id, body, user }) => (user.login === login ? [[`comment ${id}`, body] as const] : []));
  },
  labels: async (_at, ask) => {
    const all = await listed<{ readonly name: string; readonly color: string; readonly description: string | null }>(ask, "/labels");
    return all.map(({ name: own, color, description }) => [own, `${color} ${description ?? ""}`.trim()] as const);
  },
  release: async ([, , , which], ask) => {
    const release = (await ask(`/releases/tags/${which}`)) as { readonly id: number } | null;
    const found = (await ask(`/git/ref/tags/${which}`)) as { readonly object: { readonly sha: string } } | null;
    return [
      ...(release === null ? [] : [[`release ${which}`, String(release.id)] as const]),
      ...(found === null ? [] : [[`tag ${which}`, found.object.sha] as const]),
    ];
  },
};

/** Of issues and pull requests that are no longer open: those that were merged. */
async function mergedOf([, , what]: readonly string[], changes: readonly ThingChange[], ask: Api): Promise<ReadonlySet<string>> {
  const gone =
    what === "open" ? changes.filter(({ name: own, from, to }) => from === null && to !== null && own.startsWith("pull request ")) : [];
  const found = await Promise.all(
    gone.map(async ({ name: own }) => ({ own, issue: (await ask(`/issues/${own.split(" ").at(-1)}`)) as Issue | null })),
  );
  const merged = found.flatMap(({ own, issue }) => (issue?.pull_request?.merged_at ? [own] : []));
  return new Set([...merged, ...changes.flatMap(({ name: own, from }) => (own === "state" && from === "merged" ? [own] : []))]);
}

function wayOf(at: readonly string[], { name: own, from, to }: ThingChange): Call[] | string {
  const [host = "", repository = "", what, which = ""] = at;
  const call = (method: string, path: string, ...fields: string[]): Call => ({
    argv: [
      "gh",
      "api",
      "--hostname",
      host,
      "--method",
      method,
      `repos/${repository}/${path}`,
      ...fields.flatMap((field) => ["--raw-field", field]),
    ],
  });
  const id = own.split(" ").at(-1) ?? "";
  switch (what) {
    case "open":
      if (!number.test(id)) return "Its number is not known.";
      if (from !== null && to !== null) return [call("PATCH", `issues/${id}`, `title=${to}`)];
      return [call("PATCH", `issues/${id}`, `state=${to === null ? "closed" : "open"}`)];
    case "issue":
      if (own.startsWith("label ")) {
        const label = own.slice(6);
        return [
          to === null
            ? call("DELETE", `issues/${which}/labels/${encodeURIComponent(label)}`)
            : call("POST", `issues/${which}/labels`, `labels[]=${label}`),
        ];
      }
      return to === null ? "It is not there any more." : [call("PATCH", `issues/${which}`, `${own}=${to}`)];
    case "comments":
      if (to !== null && from !== null) return [call("PATCH", `issues/comments/${id}`, `body=${to}`)];
      return to === null ? [call("DELETE", `issues/comments/${id}`)] : "A comment that was deleted can't be written again as it was.";
    case "labels":
      return labelWay(call, { name: own, from, to });
    case "release":
      if (to !== null) return "A release or tag that was deleted or moved can't be made again as it was: its files are gone.";
      return [own.startsWith("tag ") ? call("DELETE", `git/refs/tags/${which}`) : call("DELETE", `releases/${from}`)];
    default:
      return "It is not known how.";
  }
}

function labelWay(
  call: (method: string, path: string, ...fields: string[]) => Call,
  { name: own, from, to }: ThingChange,
): Call[] | string {
  const path = `labels/${encodeURIComponent(own)}`;
  if (to === null) return [call("DELETE", path)];
  if (from === null) return "Made again, a label that was deleted is on none of the issues that it was on.";
  const [color = "", ...description] = to.split(" ");
  return [call("PATCH", path, `color=${color}`, `description=${description.join(" ")}`)];
}
