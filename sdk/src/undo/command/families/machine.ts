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
    const listed = async (database: string) => linesOf(told(await ask({ argv: ["getent", database] }))).map((line) => line.split(":"));
    const users = (await listed("passwd")).map(([own = "", ...rest]): [string, string] => [`user ${own}`, rest.join(":")]);
    // Members are things of their own: a user who goes leaves the groups by that.
    const groups = (await listed("group")).flatMap(([own = "", , gid = "", members = ""]): [string, string][] => [
      [`group ${own}`, gid],
      ...members.split(",").flatMap((member): [string, string][] => (member === "" ? [] : [[`member ${member} ${own}`, "is in it"]])),
    ]);
    return new Map([...users, ...groups]);
  },
  // Users, then members, then groups: the last user of a group has to go first.
  ways: (_at, changes) =>
    eachAlone(
      changes.toSorted((one, other) => (one.name < other.name ? 1 : -1)),
      accountWay,
    ),
};

/** Nothing that a program would read as an option: /etc/passwd may say anything. */
const accountName = /^[A-Za-z_][\w.@-]*\$?$/;

function accountWay({ name, from, to }: ThingChange): Call[] | string {
  const [kind = "", own = "", group = ""] = name.split(" ");
  if (![own, ...(kind === "member" ? [group] : [])].every((each) => accountName.test(each)))
    return "Its name is none that an account has, so nothing is run with it.";
  if (kind === "member") return [asRoot(["gpasswd", to === null ? "--delete" : "--add", own, group])];
  if (to === null) return [asRoot([kind === "user" ? "userdel" : "groupdel", own])];
  if (from === null && kind === "group") return [asRoot(["groupadd", "--gid", to, own])];
  if (from === null) return "A user that was removed can't be made again as it was: its password is gone.";
  if (kind === "group") return [asRoot(["groupmod", "--gid", to, own])];
  const [, uid = "", gid = "", comment = "", home = "", shell = ""] = to.split(":");
  return [asRoot(["usermod", "--uid", uid, "--gid", gid, "--comment", comment, "--home", home, "--shell", shell, own])];
}

/** The kernel's own views of itself, which come and go with what looks at them. */
const ofTheKernel =
  /^(proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|hugetlbfs|debugfs|tracefs|securityfs|pstore|bpf|configfs|fusectl|autofs|binfmt_misc|rpc_pipefs|nsfs|efivarfs)$/;
/** Mounted again, these are empty. */
const withoutContents = /^(tmpfs|ramfs)$/;
/** Types that the kernel mounts by itself. For others `mount` runs a helper, which a name of an agent's could choose (`fuse.NAME`). */
const onDisk = /^(ext[234]|xfs|btrfs|f2fs|vfat|exfat|iso9660|udf|squashfs|erofs|zfs)$/;

/** What is mounted where. */
export const mounts: Family = {
  name: "mounts",
  placesOf: ({ program, words }) => (/^u?mount$/.test(program) && operandsOf(words).length > 0 ? [[]] : []),
  named: () => "mounted file systems",
  look: async (_at, { ask }) => {
    const argv = ["findmnt", "--raw", "--noheadings", "--output", "TARGET,SOURCE,FSTYPE,OPTIONS"];
    const rows = linesOf(told(await ask({ argv })))
      .map((line) => line.split(" "))
      .filter(([, , type = ""]) => !ofTheKernel.test(type));
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
