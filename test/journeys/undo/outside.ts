import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SnapshotKeeper } from "@pullcord/sdk/undo";

const stand = fileURLToPath(new URL("outside-programs.mjs", import.meta.url));
const programs =
  "pipx uv apk pacman rpm dnf snap flatpak helm ufw hostnamectl timedatectl pip dpkg-query dpkg apt-get brew cargo systemctl docker kubectl crontab getent sudo useradd userdel groupadd groupdel usermod gpasswd findmnt mount umount";

/** A machine of its own: programs that only pretend, and a keeper that knows no others. */
export interface Outside {
  readonly top: string;
  readonly data: string;
  readonly environment: Record<string, string>;
  readonly keeper: SnapshotKeeper;
  reopen(): SnapshotKeeper;
  /** Runs what an agent or a person runs. */
  run(argv: readonly string[], folder?: string): void;
  /** One action of run `r`, of one command. */
  act(id: string, argv: readonly string[], folder?: string): Promise<void>;
  undo(id?: string): Promise<Awaited<ReturnType<SnapshotKeeper["carryOut"]>> & { readonly runs: string[] }>;
  /** How things stand with the pretended programs. */
  state(): unknown;
  setState(state: unknown): void;
  calls(): string[];
  /** From now on the pretended program refuses what begins like this; nothing for null. */
  refuse(words: string | null): void;
  remove(): void;
}

export function openOutside(): Outside {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-outside-")));
  const [data, folder, file] = [join(top, "data"), join(top, "bin"), join(top, "state.json")];
  mkdirSync(folder);
  for (const program of programs.split(" ")) symlinkSync(stand, join(folder, program));
  const path = [folder, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const environment = { ...(process.env as Record<string, string>), PATH: path };
  const open = () =>
    new SnapshotKeeper({
      folder: data,
      ownFolder: data,
      quotaBytes: 2 ** 30,
      bounds: { mostEntries: 1_000, longestMs: 60_000 },
      environment,
    });
  const keeper = open();
  const run = ([program = "", ...words]: readonly string[], cwd = top) =>
    void execFileSync(program, words, { env: environment, cwd, stdio: ["ignore", "ignore", "pipe"] });
  return {
    top,
    data,
    environment,
    keeper,
    reopen: open,
    run,
    act: async (actionId, argv, cwd = top) => {
      const key = { runId: "r", actionId };
      const [program = "", ...words] = argv[0] === "sudo" ? argv.slice(2) : argv;
      keeper.began(key);
      await keeper.commands.began(key, { commands: [{ program, words, folder: cwd }], isAll: () => true });
      run(argv, cwd);
      await keeper.ended(key);
    },
    undo: async (id = "u1") => {
      const parts = await keeper.plan({ runId: "r" });
      const runs = keeper.shown(parts).changes.flatMap((change) => change.runs);
      const { conflicts } = keeper.shown(parts);
      keeper.begin(id, parts);
      const end = await keeper.carryOut(id);
      return { ...end, conflicts: [...conflicts, ...end.conflicts], runs: [...new Set(runs)] };
    },
    state: () => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}),
    setState: (state) => writeFileSync(file, JSON.stringify(state)),
    calls: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, "utf8").trim().split("\n") : []),
    refuse: (words) => (words === null ? rmSync(`${file}.refused`, { force: true }) : writeFileSync(`${file}.refused`, words)),
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}
