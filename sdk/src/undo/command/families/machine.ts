import { asRoot, eachAlone, linesOf, operandsOf, optionOf, type Call, type Family, type ThingChange } from "../family.js";
import { notLookedAt, told } from "../run-program.js";

/** A table of jobs, of whoever is named, else of the server's own account. */
export const crontab: Family = {
  name: "crontab",
  placesOf: ({ program, words }) => {
    if (program !== "crontab" || words.includes("-l")) return [];
    const user = optionOf(words, ["-u"]);
    return [user === undefined ? [] : [user]];
  },
  named: ([user]) => `crontab${user === undefined ? "" : ` of ${user}`}`,
  look: async ([user], { ask }) => {
    const { status, stdout, stderr } = await ask({ argv: ["crontab", ...ofUser(user), "-l"] });
    if (status !== 0 && !/no crontab for/.test(stderr)) throw notLookedAt(stderr.trim() || "crontab did not say what is there.");
    return new Map(status === 0 ? [["jobs", stdout]] : []);
  },
  ways: ([user], changes) =>
    eachAlone(changes, ({ to }) => [
      to === null ? { argv: ["crontab", ...ofUser(user), "-r"] } : { argv: ["crontab", ...ofUser(user), "-"], input: to },
    ]),
};

function ofUser(user: string | undefined): string[] {
  return user === undefined ? [] : ["-u", user];
}

/** Accounts and groups of this machine. */
export const accounts: Family = {
  name: "accounts",
  placesOf: ({ program }) => (/^(user|group)(add|del|mod)$|^(add|del)(user|group)$|^(gpasswd|chsh|chfn)$/.test(program) ? [[]] : []),
  named: () => "accounts of this machine",
  look: async (_at, { ask }) => {
    const listed = async (kind: string, database: string) =>
      linesOf(told(await ask({ argv: ["getent", database] }))).map((line): [string, string] => [`${kind} ${line.split(":")[0]}`, line]);
    return new Map([...(await listed("user", "passwd")), ...(await listed("group", "group"))]);
  },
  // Groups after users: the last user of a group has to go first.
  ways: (_at, changes) =>
    eachAlone(
      changes.toSorted((one, other) => (one.name < other.name ? 1 : -1)),
      accountWay,
    ),
};

/** Nothing that a program would read as an option: /etc/passwd may say anything. */
const accountName = /^[A-Za-z_][\w.@-]*\$?$/;

function accountWay({ name, from, to }: ThingChange): Call[] | string {
  const [kind = "", own = ""] = name.split(" ");
  if (!accountName.test(own)) return "Its name is none that an account has, so nothing is run with it.";
  if (to === null) return kind === "user" ? [asRoot(["userdel", own])] : [asRoot(["groupdel", own])];
  if (from === null) return `A ${kind} that was removed can't be made again as it was: its password is gone.`;
  const [now, before] = [from.split(":"), to.split(":")];
  if (kind === "group") {
    const members = (line: readonly string[]) => (line[3] ?? "").split(",").filter((each) => each !== "");
    if (now[2] !== before[2]) return [asRoot(["groupmod", "--gid", before[2] ?? "", own])];
    const added = members(now).filter((member) => !members(before).includes(member));
    const removed = members(before).filter((member) => !members(now).includes(member));
    return [
      ...added.map((member) => asRoot(["gpasswd", "--delete", member, own])),
      ...removed.map((member) => asRoot(["gpasswd", "--add", member, own])),
    ];
  }
  const [, , uid = "", gid = "", comment = "", home = "", shell = ""] = before;
  return [asRoot(["usermod", "--uid", uid, "--gid", gid, "--comment", comment, "--home", home, "--shell", shell, own])];
}

/** Mounted again, these are empty. */
const withoutContents = /^(tmpfs|ramfs|devtmpfs)$/;
/** Types that the kernel mounts by itself. For others `mount` runs a helper, which a name of an agent's could choose (`fuse.NAME`). */
const onDisk = /^(ext[234]|xfs|btrfs|f2fs|vfat|exfat|iso9660|udf|squashfs|erofs|zfs)$/;

/** What is mounted where. */
export const mounts: Family = {
  name: "mounts",
  placesOf: ({ program, words }) => (/^u?mount$/.test(program) && operandsOf(words).length > 0 ? [[]] : []),
  named: () => "mounted file systems",
  look: async (_at, { ask }) => {
    const argv = ["findmnt", "--raw", "--noheadings", "--real", "--output", "TARGET,SOURCE,FSTYPE,OPTIONS"];
    const rows = linesOf(told(await ask({ argv }))).map((line) => line.split(" "));
    return new Map(rows.map(([target = "", ...rest]) => [written(target), rest.map(written).join("\t")]));
  },
  ways: (_at, changes) =>
    eachAlone(changes, ({ name, from, to }) => {
      if (to === null) return [asRoot(["umount", "--", name])];
      const [source = "", type = "", options = ""] = to.split("\t");
      if (withoutContents.test(type)) return "What was in it went with it: it was only in memory.";
      if (!onDisk.test(type) || !/^\/dev\/(?!loop)[\w/.-]+$/.test(source))
        return `Only a person can mount ${source} (${type}) again as it was.`;
      if (from !== null) return `It is mounted otherwise now; before, it was ${source} (${options}).`;
      return [asRoot(["mount", "--types", type, "--options", options, "--", source, name])];
    }),
};

/** findmnt writes what is no plain character as `\xNN`. */
function written(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
