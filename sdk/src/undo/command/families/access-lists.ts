import { eachAlone, hasOnlyOptions, operandsOf, type Family } from "../family.js";
import { told } from "../run-program.js";
import { namedPaths, statsOf } from "./owners.js";

/** No other: `setfacl` also takes the beginning of a long option (`--recurs`). */
const plainOptions = [
  "-m",
  "--modify",
  "-x",
  "--remove",
  "-b",
  "--remove-all",
  "-k",
  "--remove-default",
  "-n",
  "--no-mask",
  "-d",
  "--default",
];

/** Access lists of named files, in `getfacl`'s own words; their owners are another family's. */
export const accessLists: Family = {
  name: "access-lists",
  placesOf: (command) => {
    const { program, words } = command;
    if (program !== "setfacl" || words.some((word) => /^-[a-zA-Z]*R|^--(recursive|restore|test)/.test(word ?? ""))) return [];
    const paths = operandsOf(words, ["-m", "--modify", "-x", "--remove", "-M", "-X", "--set", "--set-file"]);
    return namedPaths(paths, command, { isOfLink: false });
  },
  isAllOf: ({ words }) => hasOnlyOptions(words, plainOptions),
  named: (at) => `access list of ${at.length === 1 ? at[0] : `${at.length} files`}`,
  look: async (at, { ask }) => {
    const found = new Map<string, string>();
    for (const path of at.filter((each) => statsOf(each) !== undefined)) {
      const argv = ["getfacl", "--omit-header", "--numeric", "--absolute-names", "--", path];
      found.set(path, told(await ask({ argv, file: path })).trim());
    }
    return found;
  },
  ways: (_at, changes) =>
    eachAlone(changes, ({ name, from, to }) => {
      if (from === null || to === null) return "It is not there any more.";
      return [{ argv: ["setfacl", "--set-file=-", "--", name], file: name, input: `${to}\n` }];
    }),
};
