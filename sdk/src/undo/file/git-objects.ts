import { namesOnDisk } from "../name-bytes.js";

/** The folder of git's objects: of a repository, or of a submodule inside of one. */
const store = /^((?:.*?\/)?\.git(?:\/modules\/.+?)?)\/objects(?:\/(.*))?$/;
const fanOut = /^[0-9a-f]{2}$/;
const looseObject = /^([0-9a-f]{2})\/((?:[0-9a-f]{2}){19}|(?:[0-9a-f]{2}){31})$/;

/** Larger objects and packs are kept as what they are, in place of their content, in bytes. */
export const sealedFromBytes = 2 ** 20;

/** The git folder whose store of objects a path is, or is in; null for any other path. */
export function storeOwnerOf(path: string): string | null {
  return store.exec(path)?.[1] ?? null;
}

export function isGitObject(path: string): boolean {
  return storeOwnerOf(path) !== null;
}

export function isStore(path: string): boolean {
  const found = store.exec(path);
  return found !== null && found[2] === undefined;
}

/** A folder of git's in which files come and go, but none is ever written to again: that its own times stand still says enough. */
export function isStillFolder(path: string, name: string): boolean {
  return (name === "pack" || fanOut.test(name)) && store.exec(path)?.[2] === name;
}

/** The name of an object that lies in no pack: the hash of what it holds. Null for any other path. */
export function looseObjectAt(path: string): string | null {
  const [, folder, rest] = looseObject.exec(store.exec(path)?.[2] ?? "") ?? [];
  return folder === undefined || rest === undefined ? null : folder + rest;
}

/** What git makes on the way to an object or a pack, and renames or removes. */
export function isPassingInStore(folder: string, name: string): boolean {
  return name.startsWith("tmp_") && storeOwnerOf(folder) !== null;
}

/** Whether a store holds more objects outside of packs than that. @param path absolute */
export function holdsMore(path: string, most: number): boolean {
  try {
    const folders = namesOnDisk(path).filter((name) => fanOut.test(name));
    let objects = 0;
    return folders.some((name) => (objects += namesOnDisk(`${path}/${name}`).length) > most);
  } catch {
    // Gone or forbidden meanwhile: whoever looks into it finds that, too.
    return false;
  }
}
