import { importsOf, sdkManifest, type Import, type Sources } from "./imports.js";
import { emptyNames, longestFile, rooms, type Room } from "./rooms.js";

/** Everything in the sources that the table of rooms, the naming rule and the size rule forbid, one sentence each. */
export function violationsOf(sources: Sources): string[] {
  const imports = importsOf(sources);
  const paths = [...sources.keys()].filter((path) => path !== sdkManifest);
  return [
    ...paths.flatMap(homeless),
    ...imports.filter((arrow) => !isTest(arrow.from)).flatMap(forbiddenArrow),
    ...cyclesOf(imports.filter((arrow) => !arrow.isOfTypes)),
    ...paths.flatMap(emptyName),
    ...[...sources].flatMap(tooLong),
  ];
}

function homeless(path: string): string[] {
  return roomOf(path) === undefined ? [`${path} is in no room of test/boundaries/rooms.ts`] : [];
}

function forbiddenArrow(arrow: Import): string[] {
  const from = roomOf(arrow.from);
  if (from === undefined) return [];
  if (arrow.to === undefined) return forbiddenPackage(arrow, from);
  const to = roomOf(arrow.to);
  if (to === undefined) return [];
  if (isTest(arrow.to)) return [`${arrow.from} imports the test ${arrow.to}`];
  if (arrow.specifier.startsWith(".") && packageOf(arrow.from) !== packageOf(arrow.to)) {
    return [`${arrow.from} reaches into another package by path: ${arrow.specifier}`];
  }
  if (runsInBrowser(arrow.from, from) && to.onlyInNode?.includes(arrow.to)) {
    return [`${arrow.from} imports ${arrow.to}, which runs only in Node, but ${from.name} also runs in a browser`];
  }
  if (to === from) return forbiddenSibling(arrow, from);
  const allowed = [...from.mayImport, ...(from.exceptions?.[arrow.from] ?? [])];
  if (allowed.includes(to.name)) return [];
  return [`${arrow.from} imports ${arrow.to}, but ${from.name} may import only ${allowed.join(", ") || "itself"}`];
}

function forbiddenPackage(arrow: Import, from: Room): string[] {
  if (arrow.specifier.startsWith(".") || arrow.specifier.startsWith("#")) return [];
  const isBuiltin = arrow.specifier.startsWith("node:");
  if (isBuiltin && runsInBrowser(arrow.from, from))
    return [`${arrow.from} imports ${arrow.specifier}, but ${from.name} also runs in a browser`];
  if (!isBuiltin && packageOf(arrow.from) === "sdk") return [`${arrow.from} imports ${arrow.specifier}, but the SDK has no dependencies`];
  return [];
}

function runsInBrowser(path: string, room: Room): boolean {
  return room.runsInBrowser === true && room.onlyInNode?.includes(path) !== true;
}

function forbiddenSibling(arrow: Import, room: Room): string[] {
  const from = pluginOf(arrow.from, room);
  const to = arrow.to === undefined ? undefined : pluginOf(arrow.to, room);
  if (from === undefined || to === undefined || from === to) return [];
  return [`${arrow.from} imports its sibling ${arrow.to}: plug-ins of ${room.name} never import each other`];
}

// The loops are found by walking the arrows depth first; each is named once, from its first file in the alphabet.
function cyclesOf(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to !== undefined && from !== to) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const finished = new Set<string>();
  const found = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.add(loopFrom(trail.slice(start)));
    if (start >= 0 || finished.has(path)) return;
    for (const target of next.get(path) ?? []) walk(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  return [...found].map((loop) => `imports go in a circle: ${loop}`);
}

function loopFrom(loop: readonly string[]): string {
  const first = loop.indexOf(loop.toSorted()[0] ?? "");
  const turned = [...loop.slice(first), ...loop.slice(0, first)];
  return [...turned, turned[0]].join(" → ");
}

function emptyName(path: string): string[] {
  const words = path.split("/").map((part) => part.split(".")[0] ?? part);
  const word = words.find((part) => emptyNames.includes(part));
  return word === undefined ? [] : [`${path} is called "${word}", which says nothing about what is inside`];
}

function tooLong([path, text]: readonly [string, string]): string[] {
  const lines = text.trimEnd().split("\n").length;
  return lines > longestFile ? [`${path} has ${lines} lines; a file stops at ${longestFile}`] : [];
}

function roomOf(path: string): Room | undefined {
  if (path.startsWith("console/src/")) return rooms.find((room) => room.name === "console");
  const [, owner, place] = /^(sdk|server)\/src\/([^/.]+)/.exec(path) ?? [];
  return rooms.find((room) => room.name === `${owner}/${place}`);
}

function pluginOf(path: string, room: Room): string | undefined {
  if (room.holdsPlugins === undefined) return undefined;
  const [, , , plugin, ...rest] = path.split("/");
  return rest.length > 0 ? plugin : undefined;
}

const packageOf = (path: string): string | undefined => path.split("/")[0];

const isTest = (path: string): boolean => /(\.test|-for-tests)\.tsx?$/.test(path);
