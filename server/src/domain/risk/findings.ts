import { reversibilities, riskLevel } from "@pullcord/sdk/protocol";
import type { AffectedNames, Reversibility, RiskAssessment, RiskFactor } from "@pullcord/sdk/protocol";
import type { ReadCommand, Reading, ReadStatement, SqlRun } from "../reading.js";
import { type HazardName, hazards } from "./hazards.js";
import { affectedShown, longestEvidence, mostKept } from "./bounds.js";

/** What is found while an action is read. Only ever grows worse: nothing can be taken back out. */
export class Findings {
  readonly commands: ReadCommand[] = [];
  readonly reads = new Set<string | null>();
  readonly writes = new Set<string | null>();
  readonly deletes = new Set<string | null>();
  readonly hosts = new Set<string | null>();
  readonly databases = new Set<string>();
  readonly statements: ReadStatement[] = [];
  readonly sqlRuns: SqlRun[] = [];
  touchesGate: string | null = null;
  understood = true;
  /** Not all of it was read. */
  cutShort = false;
  /** A secret was read, or is part of a word: sending anything becomes sending secrets. */
  holdsSecret = false;
  /** Something fetched was unpacked here: what it brought is not the project's. */
  unpacked = false;
  /** A file of secrets goes into a commit. */
  commitsSecret = false;
  /** A plan, a draft, a quote, test mode: nothing happens for real. */
  simulated = false;
  /** Data leaves the machine. */
  sendsOut = false;
  /** A file of many persons was read. Reading it here is nobody's concern; sending it is. */
  holdsPeople = false;
  /** A text that sets a variable of Pullcord's was written out; into a file that shells or services load, it takes hold. */
  saysGateVariable = false;
  /** Another host is asked for a name that is put together while it runs: a way out for what was read. */
  asksComputed = false;
  /** How often something was found that runs the project's own code. */
  runs = 0;
  private readonly factors = new Map<string, RiskFactor>();
  private reversibility: Reversibility = "read_only";

  /** A database is changed by more than the statements that were read: a script, a migration. */
  private changesUnread = false;
  private isInStatement = false;

  /** Records a hazard; `score` may only raise what the table says. */
  note(name: HazardName, evidence?: string, score = 0): void {
    if (!this.isInStatement && changesDatabase.test(name)) this.changesUnread = true;
    this.add(name, evidence, score);
  }

  /** What is noted meanwhile comes of a statement that has been read. */
  whileInStatement(note: () => void): void {
    this.isInStatement = true;
    try {
      note();
    } finally {
      this.isInStatement = false;
    }
  }

  private add(name: HazardName, evidence?: string, score = 0): void {
    const hazard = hazards[name];
    const factor: RiskFactor = {
      name,
      score: Math.max(hazard.score, score),
      sentence: hazard.sentence,
      ...(evidence ? { evidence: evidence.slice(0, longestEvidence) } : {}),
      ...(hazard.reversibility === "irreversible" ? { isDestructive: true as const } : {}),
    };
    const known = this.factors.get(name);
    if (!known || known.score < factor.score) this.factors.set(name, factor);
    this.reversibility = worse(this.reversibility, hazard.reversibility);
    if (name === "reads_secret") this.holdsSecret = true;
    if (/^(?:runs_(?:task|project)|installs_locked|local_containers|remakes_containers|removes_containers)$/.test(name)) this.runs += 1;
    // A build over what was fetched and unpacked here runs that.
    if (this.unpacked && (name === "runs_task" || name === "runs_project")) this.note("runs_foreign", evidence);
  }

  /** Records that a part could not be read: it asks, whatever else it is. */
  confused(sentence: string, evidence?: string, name: HazardName = "not_understood"): void {
    this.understood = false;
    this.note(name, evidence);
    const factor = this.factors.get(name);
    if (factor) this.factors.set(name, { ...factor, sentence });
  }

  /** Records that the reading ended before the action did: what was not read may touch Pullcord itself. */
  limit(sentence: string, evidence?: string): void {
    this.cutShort = true;
    this.confused(sentence, evidence);
  }

  /** Records that the action reaches for Pullcord itself: the hard floor. */
  gate(sentence: string, evidence?: string): void {
    this.touchesGate ??= sentence;
    this.note("gate", evidence);
  }

  has(name: HazardName): boolean {
    return this.factors.has(name);
  }

  /** Something was found that must never run. */
  isForbidden(): boolean {
    return this.touchesGate !== null || this.leaks() || [...this.factors.values()].some(({ score }) => score >= neverScore);
  }

  /** Any channel counts, in any order: what was read may have travelled through pipes, variables and files. */
  private leaks(): boolean {
    const holds = this.holdsSecret || this.holdsPeople || this.factors.has("reads_personal");
    return (holds && (this.sendsOut || this.factors.has("sends_message"))) || (this.holdsSecret && this.asksComputed);
  }

  /**
   * Takes over what was found apart. With `forgiving`, what was not understood there does not count; gives whether
   * there was any.
   */
  absorb(other: Findings, forgiving: boolean): boolean {
    let opaque = false;
    for (const factor of other.factors.values()) {
      const name = factor.name as HazardName;
      if (forgiving && opaqueFactors.has(name)) opaque = true;
      else this.add(name, factor.evidence, factor.score);
    }
    this.changesUnread ||= other.changesUnread;
    for (const key of ["reads", "writes", "deletes", "hosts"] as const) for (const value of other[key]) keep(this[key], value);
    for (const name of other.databases) this.databases.add(name);
    this.commands.push(...other.commands.slice(0, Math.max(0, mostKept - this.commands.length)));
    this.statements.push(...other.statements);
    this.sqlRuns.push(...other.sqlRuns);
    this.touchesGate ??= other.touchesGate;
    this.cutShort ||= other.cutShort;
    if (!forgiving) this.understood &&= other.understood;
    this.holdsSecret ||= other.holdsSecret;
    this.holdsPeople ||= other.holdsPeople;
    this.sendsOut ||= other.sendsOut;
    this.asksComputed ||= other.asksComputed;
    return opaque;
  }

  toReading(): Reading {
    if (this.leaks()) this.note("sends_secret");
    if (this.saysGateVariable && [...this.writes].some((path) => path !== null && loadsVariables.test(path)))
      this.gate("Sets a variable that steers Pullcord, for later.");
    if (this.runsOwnRecipe()) this.note("runs_hidden", "a build file that it has just written");
    return {
      commands: this.commands,
      reads: [...this.reads],
      writes: [...this.writes],
      deletes: [...this.deletes],
      hosts: [...this.hosts],
      statements: this.statements,
      sqlRuns: this.sqlRuns,
      touchesGate: this.touchesGate,
      ...(this.changesUnread ? { changesDatabasesUnread: true as const } : {}),
      ...(this.cutShort ? { cutShort: true as const } : {}),
      ...(this.simulated ? { simulated: true as const } : {}),
      assessment: this.assess(),
    };
  }

  /** Writes a file that tells a build what to run, and then runs the build. */
  private runsOwnRecipe(): boolean {
    if (!["runs_task", "runs_project", "installs_locked"].some((name) => this.factors.has(name)) || this.commands.length < 2) return false;
    return [...this.writes].some((path) => path !== null && recipes.test(path));
  }

  private assess(): RiskAssessment {
    const factors = [...this.factors.values()].sort((a, b) => b.score - a.score);
    const score = factors[0]?.score ?? 0;
    return {
      score,
      level: riskLevel(score),
      factors,
      reversibility: this.reversibility,
      understood: this.understood,
      affected: {
        reads: names(this.reads),
        writes: names(this.writes),
        deletes: names(this.deletes),
        programs: names(new Set(this.commands.map((command) => command.program))),
        hosts: names(this.hosts),
        databases: names(this.databases),
      },
      alternatives: [],
    };
  }
}

const changesDatabase = /^database_(?:writes|writes_here|unbounded|drops|rights|effects)$/;

/** The least score that is denied under the default thresholds. */
const neverScore = 95;

/** Factors that say no more than that something was not understood. */
const opaqueFactors = new Set<HazardName>([
  "not_understood",
  "unknown_program",
  "unknown_option",
  "runs_unknown",
  "runs_code",
  "reads_unknown",
  "writes_unknown",
]);

/** Files out of which shells, services and programs take their variables. */
const loadsVariables =
  /\/\.(?:env[^/]*|(?:bash|zsh|k)rc|profile|bash_profile|bash_login|zprofile|zshenv|xprofile|pam_environment|envrc)$|\/(?:environment|environment\.d\/.*|profile|profile\.d\/.*|default\/.*|fish\/.*\.fish)$|\.(?:service|timer|socket|plist|conf|env)$|(?:compose|docker-compose)\.ya?ml$|\/crontab$/;

const recipes =
  /\/(?:Gemfile|Rakefile|composer\.json|package\.json|GNUmakefile|[Mm]akefile|CMakeLists\.txt|[Jj]ustfile|Taskfile\.ya?ml|setup\.(?:py|cfg)|noxfile\.py|tox\.ini|conftest\.py|build\.(?:gradle(?:\.kts)?|rs|xml|sbt|zig)|pom\.xml|configure(?:\.ac)?|gulpfile\.[cm]?js|Gruntfile\.js|deno\.json)$/;

/** Adds unless the set is full; the factors stay complete either way. */
export function keep<T>(set: Set<T>, value: T): void {
  if (set.size < mostKept) set.add(value);
}

export function worse(a: Reversibility, b: Reversibility): Reversibility {
  return reversibilities.indexOf(a) >= reversibilities.indexOf(b) ? a : b;
}

function names(set: ReadonlySet<string | null>): AffectedNames {
  const known = [...set].map((name) => name ?? "(unknown)");
  return { first: known.slice(0, affectedShown), count: known.length };
}
