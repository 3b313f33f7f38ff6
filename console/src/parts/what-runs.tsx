import type { Json, JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import { HostileText } from "../text/hostile-text.js";
import { Diff, type Edit } from "./diff.js";
import { WillRun } from "./will-run.js";

interface WhatRunsProps {
  readonly proposed: ProposedAction;
  /** The arguments that a person put in their place. */
  readonly args?: JsonObject;
  /** The run's directory, where the action names none. */
  readonly directory?: string | undefined;
  readonly onSeen?: () => void;
}

/** What will run, in the form that fits its type; everything else as the complete JSON. Nothing is left out. */
export function WhatRuns({ proposed, args = proposed.arguments, directory, onSeen }: WhatRunsProps) {
  const seen = onSeen ? { onSeen } : {};
  const place = <Place directory={proposed.workingDirectory ?? directory} />;
  const { command, argv, path, edits, content, sql, url } = args;
  if (proposed.type === "command_execute" && typeof command === "string") {
    return <WillRun label="Runs in the shell" text={command} language="shell" aside={place} {...seen} />;
  }
  if (proposed.type === "command_execute" && isTexts(argv)) {
    return <WillRun label="Runs without a shell, one argument a line" text={argv.join("\n")} aside={place} {...seen} />;
  }
  if (proposed.type === "file_write" && typeof path === "string" && isEdits(edits)) {
    return <Changed path={path} label="Changes" edits={edits} {...seen} />;
  }
  if (proposed.type === "file_write" && typeof path === "string" && typeof content === "string") {
    return <Changed path={path} label="Whole new content" edits={[{ before: "", after: content }]} {...seen} />;
  }
  if (typeof sql === "string") {
    return (
      <WillRun label={typeof args["database"] === "string" ? `SQL on ${args["database"]}` : "SQL"} text={sql} aside={place} {...seen} />
    );
  }
  if (proposed.type === "network_request" && typeof url === "string") {
    const { method, body } = args;
    return (
      <WillRun
        label="Sent over the network"
        text={`${typeof method === "string" ? method : "GET"} ${url}${typeof body === "string" ? `\n\n${body}` : ""}`}
        aside={place}
        {...seen}
      />
    );
  }
  if ((proposed.type === "file_delete" || proposed.type === "file_read") && typeof path === "string") {
    return <WillRun label={proposed.type === "file_delete" ? "Deletes" : "Reads"} text={path} aside={place} {...seen} />;
  }
  return <WillRun label={`${proposed.type.replaceAll("_", " ")}, complete`} text={pretty(args)} aside={place} {...seen} />;
}

function Changed({
  path,
  ...rest
}: {
  readonly path: string;
  readonly label: string;
  readonly edits: readonly Edit[];
  readonly onSeen?: () => void;
}) {
  return (
    <div className="flex flex-col gap-2">
      <p className="will-run px-1 font-medium">
        <HostileText text={path} />
      </p>
      <Diff {...rest} />
    </div>
  );
}

function Place({ directory }: { readonly directory: string | undefined }) {
  if (!directory) return null;
  return (
    <span className="min-w-0 truncate">
      in{" "}
      <code className="text-ink">
        <HostileText text={directory} />
      </code>
    </span>
  );
}

export function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isEdits(value: Json | undefined): value is readonly (JsonObject & Edit)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && typeof item["before"] === "string" && typeof item["after"] === "string")
  );
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
