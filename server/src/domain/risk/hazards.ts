import type { Reversibility } from "@pullcord/sdk/protocol";

export interface Hazard {
  /** 0 to 100: below 50 runs by default, from 50 asks, from 95 is denied. */
  readonly score: number;
  readonly reversibility: Reversibility;
  readonly sentence: string;
}

const hazard = (score: number, reversibility: Reversibility, sentence: string): Hazard => ({ score, reversibility, sentence });

/** Everything that a reading can find. One more factor is one more line. */
export const hazards = {
  // Reading
  harmless: hazard(0, "read_only", "Only shows or computes something."),
  reads_workspace: hazard(3, "read_only", "Reads files of the workspace."),
  reads_elsewhere: hazard(12, "read_only", "Reads files outside the workspace."),
  reads_unknown: hazard(25, "read_only", "Reads files whose names are computed while it runs."),
  reads_strange: hazard(51, "read_only", "Reads from a place that is neither the workspace nor the system's."),
  reads_private: hazard(52, "read_only", "Reads private files in the home folder."),
  reads_secret: hazard(55, "read_only", "Shows or copies secrets."),
  reads_device: hazard(60, "read_only", "Reads a device or the memory of the machine."),
  reads_personal: hazard(58, "read_only", "Reads personal data or password hashes."),
  // Writing
  writes_workspace: hazard(12, "reversible", "Changes files of the workspace."),
  changes_tool: hazard(8, "reversible", "Changes a setting of one of the project's own tools."),
  writes_scratch: hazard(12, "reversible", "Writes a scratch file."),
  writes_unknown: hazard(55, "irreversible", "Writes to a place that cannot be known before it runs."),
  writes_outside: hazard(55, "irreversible", "Writes outside the workspace."),
  writes_guarded: hazard(60, "reversible", "Changes a file that runs by itself or that steers other programs."),
  writes_irreplaceable: hazard(62, "irreversible", "Overwrites data that cannot be made again."),
  writes_system: hazard(75, "irreversible", "Writes to the system's own folders."),
  writes_lookalike: hazard(60, "reversible", "Writes to a path whose letters look like others."),
  writes_device: hazard(97, "irreversible", "Writes to a disk or another device."),
  grants_access: hazard(97, "externally_reversible", "Gives somebody lasting access to the machine or an account."),
  wide_permissions: hazard(60, "externally_reversible", "Loosens permissions widely."),
  // Deleting
  deletes_recreatable: hazard(10, "reversible", "Deletes files that a build or an install makes again."),
  deletes_scratch: hazard(15, "irreversible", "Deletes a scratch file."),
  deletes_committed: hazard(20, "reversible", "Deletes one file that git has."),
  deletes_unsaved: hazard(65, "irreversible", "Deletes work that git does not have, or that cannot be known to be saved."),
  deletes_many: hazard(65, "irreversible", "Deletes whole folders or several files."),
  deletes_pattern: hazard(75, "irreversible", "Deletes by a pattern; which files it hits is only known when it runs."),
  deletes_unknown: hazard(70, "irreversible", "Deletes something that cannot be known before it runs."),
  deletes_outside: hazard(75, "irreversible", "Deletes outside the workspace."),
  wipes: hazard(99, "irreversible", "Wipes a home folder, a system folder or a disk."),
  tampers_audit: hazard(97, "irreversible", "Removes or switches off the machine's own record."),
  // Git
  git_reversible: hazard(10, "reversible", "Changes the local repository in a way git can undo."),
  git_discards: hazard(65, "irreversible", "Discards work in the local repository."),
  git_pushes: hazard(60, "externally_reversible", "Changes what others see at the forge."),
  git_fetches: hazard(12, "reversible", "Fetches from the forge."),
  git_guarded: hazard(60, "reversible", "Changes what git runs by itself, or skips its hooks."),
  // Running
  runs_project: hazard(15, "reversible", "Runs the project's own code."),
  runs_task: hazard(12, "reversible", "Runs a build, test, or check of the project."),
  runs_code: hazard(55, "irreversible", "Runs inline code that cannot be read as safe."),
  runs_outside: hazard(58, "irreversible", "Runs a program that does not belong to the project or the system."),
  runs_foreign: hazard(90, "irreversible", "Runs code downloaded from elsewhere."),
  runs_hidden: hazard(60, "irreversible", "Makes an ordinary tool run other code."),
  runs_unknown: hazard(55, "irreversible", "What it runs is only known when it runs."),
  dangerous_script: hazard(65, "irreversible", "Runs a script whose name says that it deploys, sends, resets or deletes."),
  later: hazard(58, "externally_reversible", "Leaves something running or runs it later, outside of what is watched."),
  starts_subagent: hazard(15, "reversible", "Starts a sub-agent, whose own actions pass the gate."),
  starts_agent: hazard(60, "irreversible", "Starts another agent."),
  bomb: hazard(97, "irreversible", "Exhausts or crashes the machine."),
  remote_shell: hazard(98, "irreversible", "Opens a shell to another machine."),
  // Packages
  installs_locked: hazard(15, "reversible", "Installs what the lock file names."),
  installs_new: hazard(60, "externally_reversible", "Installs packages that are not locked."),
  // Privilege and processes
  privilege: hazard(75, "externally_reversible", "Runs with another account's rights."),
  steers_tools: hazard(60, "irreversible", "Sets a variable that makes tools run other code or talk to another place."),
  stops_process: hazard(60, "externally_reversible", "Ends or steers processes that this shell did not start."),
  stops_all: hazard(98, "irreversible", "Ends every process or the whole machine."),
  changes_system: hazard(65, "externally_reversible", "Changes the system or its services."),
  // Outward
  reads_network: hazard(10, "read_only", "Fetches from a public host."),
  reads_local: hazard(8, "read_only", "Asks this machine for something."),
  local_request: hazard(10, "reversible", "Talks to this machine."),
  sends_data: hazard(60, "externally_reversible", "Sends data to another host."),
  reads_unknown_host: hazard(55, "read_only", "Talks to a host that is not named, is private or is a bare address."),
  reads_metadata: hazard(65, "read_only", "Asks the cloud for this machine's own credentials."),
  sends_credential: hazard(58, "externally_reversible", "Puts a credential into a request."),
  sends_secret: hazard(97, "irreversible", "Sends secrets off the machine."),
  opens_port: hazard(60, "externally_reversible", "Opens a port or a tunnel that others can reach."),
  other_machine: hazard(65, "externally_reversible", "Acts on another machine."),
  sends_message: hazard(65, "irreversible", "Sends a message to people."),
  publishes: hazard(70, "irreversible", "Publishes or deploys."),
  pays: hazard(75, "irreversible", "Moves money or binds to pay."),
  changes_remote: hazard(65, "externally_reversible", "Changes something in a cloud, a cluster or at a forge."),
  merges_remote: hazard(66, "irreversible", "Merges for everybody; another change can only make up for it."),
  destroys_remote: hazard(75, "irreversible", "Deletes something in a cloud, a cluster or at a forge."),
  reads_remote: hazard(10, "read_only", "Reads the state of a cloud, a cluster or a forge."),
  production: hazard(82, "externally_reversible", "Touches production."),
  wipes_production: hazard(98, "irreversible", "Wipes or takes over production."),
  // Containers
  local_containers: hazard(15, "reversible", "Starts, stops or builds local containers."),
  remakes_containers: hazard(15, "externally_reversible", "Starts local containers, and makes those anew whose settings or image changed."),
  removes_containers: hazard(20, "irreversible", "Removes containers or images, and what was only in them."),
  container_breakout: hazard(62, "externally_reversible", "Gives a container the run of the machine."),
  drops_volumes: hazard(68, "irreversible", "Drops containers' data."),
  // Databases
  database_reads: hazard(8, "read_only", "Reads a database."),
  database_writes: hazard(25, "reversible", "Writes bounded rows of a database."),
  database_writes_here: hazard(9, "reversible", "Writes bounded rows of a development or test database."),
  database_unbounded: hazard(68, "irreversible", "Writes all rows of a table, or more than a condition bounds."),
  database_drops: hazard(72, "irreversible", "Drops or empties tables."),
  database_rights: hazard(68, "externally_reversible", "Changes a database's rights or structure for everybody."),
  database_effects: hazard(62, "irreversible", "Calls a database function that acts outside the query."),
  database_unread: hazard(50, "irreversible", "The SQL could not be read."),
  superuser: hazard(97, "externally_reversible", "Gives somebody lasting power over a database."),
  // The rest
  other_effect: hazard(52, "externally_reversible", "Does something whose effects this gate cannot read."),
  not_understood: hazard(50, "irreversible", "A part of this could not be understood."),
  unknown_program: hazard(50, "irreversible", "A program that this gate does not know."),
  unknown_option: hazard(50, "irreversible", "An option that this gate does not know."),
  gate: hazard(100, "irreversible", "Touches Pullcord itself."),
  claimed: hazard(0, "read_only", "The agent itself calls it risky."),
} satisfies Record<string, Hazard>;

export type HazardName = keyof typeof hazards;
