import type { ReadCommand } from "../reading.js";

/** A safer way to the same end, not yet weighed. */
export interface Alternative {
  readonly text: string;
  readonly sentence: string;
}

interface Way {
  readonly program: RegExp;
  /** What the words have to look like, joined by spaces. */
  readonly words: RegExp;
  readonly instead: (words: string, program: string) => string;
  readonly sentence: string;
}

const shows = "Shows what would change, and changes nothing.";

/** One more way is one more line. Each is weighed by the same reader, and offered only when it is really less risky. */
const ways: readonly Way[] = [
  {
    program: /^git$/,
    words: /^reset .*--hard/,
    instead: () => "git stash push --include-untracked",
    sentence: "Puts the changes where they can be taken back.",
  },
  {
    program: /^git$/,
    words: /^(?:checkout|restore)\b/,
    instead: () => "git stash push",
    sentence: "Puts the changes where they can be taken back.",
  },
  { program: /^git$/, words: /^clean\b/, instead: (words) => `git ${words} --dry-run`, sentence: "Shows what would be deleted." },
  { program: /^git$/, words: /^push\b/, instead: (words) => `git ${words} --dry-run`, sentence: "Shows what would be pushed." },
  {
    program: /^git$/,
    words: /^branch .*-D\b/,
    instead: (words) => `git ${words.replace("-D", "-d")}`,
    sentence: "Deletes a branch only when it is merged.",
  },
  { program: /^git$/, words: /^stash (?:drop|clear)/, instead: () => "git stash list", sentence: "Shows what would be dropped." },
  {
    program: /^rm$/,
    words: /\S/,
    instead: (words) => `ls -ld ${words.replace(/(?:^|\s)-\S+/g, "").trim()}`,
    sentence: "Shows what would be deleted; moving it to a trash folder keeps it.",
  },
  {
    program: /^find$/,
    words: / -delete\b/,
    instead: (words) => `find ${words.replace(/ -delete\b/, " -print")}`,
    sentence: "Shows what would be deleted.",
  },
  { program: /^rsync$/, words: /--delete|--remove-source/, instead: (words) => `rsync --dry-run ${words}`, sentence: shows },
  { program: /^(?:terraform|tofu)$/, words: /^(?:\S+ )?apply\b/, instead: (_, program) => `${program} plan`, sentence: shows },
  { program: /^(?:terraform|tofu)$/, words: /^(?:\S+ )?destroy\b/, instead: (_, program) => `${program} plan -destroy`, sentence: shows },
  { program: /^pulumi$/, words: /^(?:up|destroy)\b/, instead: () => "pulumi preview", sentence: shows },
  { program: /^cdk$/, words: /^deploy\b/, instead: () => "cdk diff", sentence: shows },
  { program: /^kubectl$/, words: /\bapply\b/, instead: (words) => `kubectl ${words.replace(/\bapply\b/, "diff")}`, sentence: shows },
  {
    program: /^kubectl$/,
    words: /\bdelete\b/,
    instead: (words) => `kubectl ${words.replace(/\bdelete\b/, "get")}`,
    sentence: "Shows what would be deleted.",
  },
  { program: /^helm$/, words: /^(?:install|upgrade|rollback|uninstall)\b/, instead: (words) => `helm ${words} --dry-run`, sentence: shows },
  {
    program: /^(?:docker|podman)$/,
    words: /^system prune/,
    instead: (_, program) => `${program} system df`,
    sentence: "Shows what takes up room.",
  },
  {
    program: /^(?:docker|podman)$/,
    words: /^volume (?:rm|prune)/,
    instead: (_, program) => `${program} volume ls`,
    sentence: "Shows the volumes.",
  },
  {
    program: /^(?:docker|podman)$/,
    words: /^compose .*down\b.*(?:-v|--volumes)\b/,
    instead: (words, program) => `${program} ${words.replace(/ (?:-v|--volumes)\b/, "")}`,
    sentence: "Stops the containers and keeps their data.",
  },
  { program: /^aws$/, words: /^s3 (?:rm|sync|mv|cp)\b/, instead: (words) => `aws ${words} --dryrun`, sentence: shows },
  { program: /^ansible-playbook$/, words: /\S/, instead: (words) => `ansible-playbook --check --diff ${words}`, sentence: shows },
  {
    program: /^(?:npm|pnpm|yarn)$/,
    words: /^publish\b/,
    instead: (words, program) => `${program} ${words} --dry-run`,
    sentence: "Shows what would be published.",
  },
  {
    program: /^(?:npm|pnpm)$/,
    words: /^(?:install|i|add|update)\b/,
    instead: (_, program) => (program === "npm" ? "npm ci" : "pnpm install --frozen-lockfile"),
    sentence: "Installs exactly what the lock file names.",
  },
  {
    program: /^(?:apt|apt-get)$/,
    words: /^(?:install|remove|purge|upgrade|autoremove)\b/,
    instead: (words, program) => `${program} --simulate ${words}`,
    sentence: shows,
  },
  {
    program: /^prisma$/,
    words: /^migrate (?:reset|deploy)/,
    instead: () => "npx prisma migrate status",
    sentence: "Shows which migrations are missing.",
  },
  {
    program: /^alembic$/,
    words: /^downgrade\b/,
    instead: (words) => `alembic ${words} --sql`,
    sentence: "Prints the SQL, and runs nothing.",
  },
  {
    program: /^chmod$/,
    words: /777|a[+=]\w*w|o[+=]\w*w/,
    instead: (words) =>
      `chmod ${words
        .replace(/(?:^|\s)-R\b/, "")
        .replace(/\S*(?:777|[ao][+=]\w+)/, "u+rwX")
        .trim()}`,
    sentence: "Gives the rights to the owner alone.",
  },
  {
    program: /^curl$/,
    words: /https?:\/\//,
    instead: (words) => `curl -fsSL -o tmp/download ${/https?:\/\/\S+/.exec(words)?.[0] ?? ""}`,
    sentence: "Fetches it into a file that can be read before it runs.",
  },
];

/** Most ways offered for one action. */
const offered = 3;

/** Safer ways for the commands that an action would run. */
export function alternativesFor(commands: readonly ReadCommand[]): readonly Alternative[] {
  const found = new Map<string, Alternative>();
  for (const { program, words } of commands.map(behindRunner)) {
    if (program === null || words.some((word) => word === null || /[\s'"$`\\;&|<>()]/.test(word))) continue;
    const joined = words.join(" ");
    for (const way of ways) {
      if (found.size >= offered || !way.program.test(program) || !way.words.test(joined)) continue;
      const text = way.instead(joined, program);
      found.set(text, { text, sentence: way.sentence });
    }
  }
  return [...found.values()];
}

/** `npx prisma migrate reset` is prisma's. */
export function behindRunner(command: ReadCommand): ReadCommand {
  const [first, ...rest] = command.words;
  return /^(?:npx|bunx|pnpx|uvx)$/.test(command.program ?? "") && first ? { ...command, program: first, words: rest } : command;
}
