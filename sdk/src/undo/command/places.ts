import { families } from "./families/index.js";
import type { Family, SeenCommand } from "./family.js";
import { isSamePlace, type Place } from "./observations.js";

/** Where a command may leave effects that can be taken back, in words. */
export function placesNamed(command: SeenCommand): string[] {
  return placesOf([command]).map(namedPlace);
}

/** Whether all that a command does is put back exactly: what it changes is nothing but settings that are looked at. */
export function isTakenBackWhole(command: SeenCommand): boolean {
  const doers = families.filter((family) => family.placesOf(command).length > 0);
  return doers.length > 0 && !command.words.includes(null) && doers.every((family) => family.isAllOf?.(command) === true);
}

export function placesOf(commands: readonly SeenCommand[]): Place[] {
  const found = commands.flatMap((command) =>
    families.flatMap((family) => family.placesOf(command).map((at): Place => ({ family: family.name, at }))),
  );
  return found.filter((place, index) => found.findIndex((each) => isSamePlace(each, place)) === index);
}

export function familyOf({ family }: Place): Family {
  const found = families.find(({ name }) => name === family);
  if (!found) throw new Error(`There is no family ${family}.`);
  return found;
}

export function pathOf(place: Place, name: string): string {
  return `${namedPlace(place)}/${name}`;
}

export function namedPlace(place: Place): string {
  return familyOf(place).named(place.at);
}
