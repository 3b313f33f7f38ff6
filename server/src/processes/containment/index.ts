import { PullcordError, type Containment } from "@pullcord/sdk/protocol";
import { bubblewrap } from "./bubblewrap.js";
import { cgroup } from "./cgroup.js";
import { freezer } from "./freezer.js";
import type { Grade } from "./grade.js";
import { marker } from "./marker.js";
import { namespace } from "./namespace.js";
import { scope } from "./scope.js";

/** Best first. */
export const grades: readonly Grade[] = [cgroup, scope, freezer, namespace, bubblewrap, marker];

/** What a run's place is handled with; a run that names none is found by its mark. */
export function gradeOf(kind: Containment | undefined): Grade {
  return grades.find((grade) => grade.kind === kind) ?? marker;
}

export interface Tried {
  readonly grade: Grade;
  /** Null when it works here. */
  readonly problem: string | null;
}

/** Tries every grade for real, one after the other. */
export async function tryGrades(): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const grade of grades) tried.push({ grade, problem: await grade.probe() });
  return tried;
}

/**
 * The best grade that works here, or the one that is asked for.
 * @throws PullcordError `unavailable`/`no_such_containment` when that one does not work here
 */
export async function chooseGrade(wanted?: Containment): Promise<Grade> {
  if (wanted === undefined) {
    for (const grade of grades) if ((await grade.probe()) === null) return grade;
    return marker;
  }
  const grade = gradeOf(wanted);
  const problem = await grade.probe();
  if (problem === null) return grade;
  throw new PullcordError("unavailable", "no_such_containment", `Containment ${wanted} does not work here: ${problem}.`);
}
