import { classifyHost } from "../network.js";
import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { chosenPlaces, isProductionWord, noteProductionWipe } from "./production.js";
import { readByTable } from "./read-call.js";
import { noteCarriedFiles } from "./carried-files.js";
import type { Programs, Usage } from "./usage.js";

const shows: Usage = { flags: "*", does: "reads_remote" };
const changes: Usage = { flags: "--dry-run:dry *", does: "changes_remote" };

/** Clouds, infrastructure and forges: reading with their own login is free, changing asks. */
export const cloud: Programs = {
  "aws gcloud az doctl linode-cli hcloud oci ibmcloud scw vultr-cli exo aliyun b2 s3cmd mc rclone gsutil bq eksctl gcloud-beta awslocal tccli":
    { read: readCloud },
  "terraform tofu terragrunt": {
    flags: "-chdir=folder -version:shows -help:shows",
    words: true,
    verbs: {
      "plan validate fmt show output graph providers version get": {
        flags:
          "-out=write -var= -var-file=text -no-color -lock= -input= -json -detailed-exitcode -refresh= -target= -check -recursive -diff -write= -parallelism= -destroy -compact-warnings -raw -list= -refresh-only -lock-timeout= -update -state=read -module-depth=",
        words: true,
        does: "reads_remote",
        takes: "text...",
      },
      init: {
        flags:
          "-upgrade!installs_new -backend= -backend-config= -reconfigure -input= -no-color -migrate-state!changes_remote -get= -lockfile= -from-module=!runs_foreign",
        words: true,
        does: "installs_locked",
      },
      state: {
        verbs: {
          list: shows,
          show: shows,
          pull: { flags: "*", does: "reads_secret" },
          "rm mv push replace-provider": { flags: "-dry-run:dry *", words: true, does: "destroys_remote" },
        },
      },
      workspace: {
        verbs: {
          "list show": shows,
          "select new": { flags: "*", does: "changes_remote", takes: "text", read: chooseWorkspace },
          delete: { flags: "*", does: "destroys_remote" },
        },
      },
      apply: {
        flags: "*",
        words: true,
        read: (call) => {
          if (call.words.some((word) => (word.text ?? "").startsWith("-destroy"))) destroyAll(call);
          call.reader.findings.note("changes_remote", call.text);
        },
      },
      "refresh import taint untaint force-unlock login logout test": { flags: "*", words: true, does: "changes_remote" },
      "destroy run-all": { flags: "*", words: true, read: destroyAll },
      console: { flags: "*", does: "runs_unknown" },
    },
  },
  "pulumi cdk cdktf sam serverless": {
    flags: "-C=folder --cwd=folder -s= --stack= --profile= --region= --app= -a=",
    verbs: {
      "preview diff synth ls list validate about stack-ls version whoami doctor metadata context logs": {
        flags: "-a=!runs_hidden --app=!runs_hidden *",
        does: "reads_remote",
      },
      build: { flags: "*", does: "runs_task" },
    },
    otherVerbs: changes,
    read: readStack,
  },
  "ansible ansible-playbook": {
    flags: "-a= --args= --check:dry -C:dry --syntax-check:shows --list-hosts:shows --list-tasks:shows --list-tags:shows *",
    does: "other_machine",
    read: readRemoteTasks,
  },
  "ansible-lint ansible-doc ansible-inventory packer-validate": { flags: "*", does: "reads_remote" },
  "ansible-vault sops age vault pass op bw gopass lpass 1password chamber doppler infisical secret-tool keyring security keepassxc-cli passage aws-vault envchain":
    { read: readVault },
  packer: { flags: "*", verbs: { "validate fmt inspect version": shows }, otherVerbs: changes },
  gh: { read: readForge },
  "glab tea hub": { read: readForge },
  stripe: { read: readStripe },
  "slack slackcat slack-cli twilio telegram-send signal-cli discord sendgrid mailgun ntfy apprise notify-slack toot t rainbowstream wall write mesg":
    {
      flags: "*",
      read: (call) => {
        call.reader.findings.note("sends_message", call.text);
        noteCarriedFiles(call);
      },
    },
  "notify-send terminal-notifier osascript-notify xmessage zenity kdialog": { flags: "*", does: "harmless" },
  "sentry-cli": { verbs: { "info projects organizations issues-list": shows }, otherVerbs: changes },
};

/** Later commands of this text act there. */
function chooseWorkspace(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  call.reader.chosen.push(...call.words.flatMap((word) => (/^\w/.test(word.text ?? "") ? [word.text ?? ""] : [])));
}

function readStack(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  noteProductionWipe(call);
}

/** `ansible hosts -m shell -a 'text'`: what it runs on the other machines. */
function readRemoteTasks(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  for (const { flag, value } of sortWords(call.words, table).flags)
    if (/^(?:-a|--args)$/.test(flag.name)) noteForbiddenText(call, value?.text);
}

function destroyAll(call: Call): void {
  const { reader, state, text } = call;
  const destroys = /\bdestroy\b/.test(text);
  reader.findings.note(destroys ? "destroys_remote" : "changes_remote", text);
  if (destroys && !/-target/.test(text) && isProductionWord(`${text} ${chosenPlaces(call)} ${state.folder ?? ""}`))
    reader.findings.note("wipes_production", text);
}

const cloudReads =
  /^(?:describe\S*|list\S*|get|get-\S+|ls|show\S*|head-\S+|lookup-\S+|batch-get-\S+|filter-log-events|tail|whoami|version|help|search\S*|select\S*|view-\S+|wait|cat|du|stat|lsf|lsd|lsl|lsjson|tree|size|check|account|locations|info|about|validate-\S+|estimate-\S+|simulate-\S+|preview-\S+|list|describe|read|logs|query|scan|presign-not|sts|configurations|ssh-keys-list|status|history|version|diff|monitor)$/;
const cloudSecrets =
  /get-secret-value|secrets? versions? access|get-parameters?(?:-by-path)?\b|with-decryption|get-login-password|print-access-token|print-identity-token|get-session-token|assume-role|get-credentials|keyvault secret show|access-token|configure (?:list|get|export-credentials)|kms decrypt|secret download|get-password-data|create-access-key|auth (?:token|print)|config get-value auth|s3 presign|generate-sas|keys list|list-keys|connection-string/;

/** Keys, logins and rights that stay. */
const cloudGrants =
  /create-access-key|create-login-profile|(?:attach|put)-(?:user|group|role)-policy.*(?:Administrator|PowerUser|\*)|put-user-policy|add-user-to-group|create-service-specific-credential|upload-ssh-public-key|import-key-pair|update-assume-role-policy|add-iam-policy-binding.*roles\/(?:owner|editor)|service-accounts keys create|os-login ssh-keys add|role assignment create.*(?:Owner|Contributor)|ad sp create|ssh-key (?:create|import)|compute ssh-key/;
/** Whole databases, clusters, projects and groups of production. */
const cloudWipes =
  /\b(?:delete-db-(?:instance|cluster)|delete-cluster|sql instances delete|clusters delete|projects delete|group delete|delete-stack|databases? delete|(?:d1|kv namespace|r2 bucket) delete|s3 rm (?=.*--recursive)s3:\/\/[^/\s]+\/?(?=\s|$)|rb|delete-bucket|delete-table|postgres server delete|aks delete)(?![\w-])/;

/** The record that a cloud keeps of who did what, and those who watch it. */
const cloudRecords =
  /\b(?:cloudtrail (?:stop-logging|delete-trail|update-trail.*--no-|delete-event-data-store|put-event-selectors)|configservice (?:stop-configuration-recorder|delete-\S+)|config(?:uration)?-recorder delete|guardduty (?:delete-detector|update-detector.*--no-enable|disassociate\S*)|securityhub (?:disable|batch-disable)\S*|(?:delete|disable)-flow-logs|logging (?:sinks|logs|buckets) (?:delete|update.*--disabled)|monitor (?:log-profiles|diagnostic-settings|activity-log \S+) delete|macie2 disable\S*|detective delete-graph|logs delete-log-group.*(?:audit|trail)|s3api delete-bucket-logging|security (?:auto-provisioning-setting|pricing).*(?:off|free))\b/i;

/** `aws service verb`, `gcloud group verb`, `az group verb`: the verb decides. */
function readCloud(call: Call): void {
  const { reader, words, text } = call;
  const { findings } = reader;
  const texts = words.map((word) => word.text ?? "");
  if (words.some((word) => word.text === null && !word.prefix.startsWith("-"))) findings.note("changes_remote", text);
  if (aimsHere(texts)) return findings.note("local_request", text);
  if (texts.some((word) => /^--endpoint(?:-url)?/.test(word))) findings.note("sends_data", text);
  if (texts.some((word) => /^--dry-?run(?:=true)?$/.test(word) || (word === "-n" && call.program === "rclone")))
    return findings.note("reads_remote", text);
  if (cloudGrants.test(text)) findings.note("grants_access", text);
  if (cloudSecrets.test(text)) return findings.note("reads_secret", text);
  if (texts.some((word) => /(?:^|[-_])(?:public-read|public|0\.0\.0\.0\/0|allUsers|AdministratorAccess|roles\/owner)/.test(word)))
    findings.note("changes_remote", text);
  if (cloudRecords.test(text)) findings.note("tampers_audit", text);
  const verbs = texts.filter((word, index) => /^[a-z][\w:-]*$/.test(word) && !texts[index - 1]?.startsWith("--")).slice(0, 5);
  if (moves(call, texts)) return;
  // `gcloud run` is the name of a service.
  const group = call.program === "gcloud" && verbs[0] === "run" ? 1 : 0;
  if (
    verbs.some((verb) => cloudReads.test(verb)) &&
    !verbs
      .slice(group)
      .some((verb) =>
        /^(?:delete|create|update|put|rm|remove|set|add|apply|deploy|start|stop|terminate|run|invoke|import|export|reset|restart|attach|detach|modify)(?:-|$)/.test(
          verb,
        ),
      )
  )
    return findings.note("reads_remote", text);
  if (texts.length <= 1 && /^(?:|--version|help|version)$/.test(texts[0] ?? "")) return findings.note("harmless", text);
  if (cloudWipes.test(text) && isProductionWord(text)) findings.note("wipes_production", text);
  noteProductionWipe(call);
  noteCarriedFiles(call);
  const destroys = verbs.some((verb) => /^(?:delete|rm|remove|terminate|purge|destroy|rb)(?:-|$)/.test(verb));
  findings.note(destroys ? "destroys_remote" : "changes_remote", text);
}

function aimsHere(texts: readonly string[]): boolean {
  return texts.some((word, index) => {
    const url = /^--endpoint-url=(.*)$/.exec(word)?.[1] ?? (texts[index - 1] === "--endpoint-url" ? word : null);
    return url !== null && URL.canParse(url) && classifyHost(new URL(url).hostname) === "this_machine";
  });
}

/** `s3 cp`, `gsutil cp`, `rclone copy`: down is a download, up sends a file. */
function moves(call: Call, texts: readonly string[]): boolean {
  const { reader, text, words, state } = call;
  const at = texts.findIndex((word) => /^(?:cp|mv|sync|copy|copyto|rsync|put|upload|upload-file|move)$/.test(word));
  if (at < 0 || at > 3) return false;
  const places = words.slice(at + 1).filter((word) => word.text === "-" || !(word.text ?? "").startsWith("-"));
  for (const [index, place] of places.slice(0, 2).entries()) {
    if (/^(?:s3|gs|az|b2|https?):\/\/|^\w+:/.test(place.text ?? "")) continue;
    if (place.text !== "-") reader.touchTree(index === 0 ? "read" : "write", place, state);
    if (index === 0) reader.findings.sendsOut = true;
  }
  if (texts.slice(0, at + 1).some((word) => /^(?:put|upload|upload-file)$/.test(word))) noteCarriedFiles(call);
  const up = /^(?:s3|gs|az|b2):\/\/|^\w+:/.test(places[1]?.text ?? "");
  reader.findings.note(up ? "changes_remote" : "reads_remote", text);
  if (texts.includes("--delete")) reader.findings.note("destroys_remote", text);
  return true;
}

function readVault(call: Call): void {
  const { words, reader, text } = call;
  const verb = words.find((word) => !(word.text ?? "").startsWith("-"))?.text ?? "";
  if (/^(?:status|version|help|list|ls|login-status|whoami)$/.test(verb)) return reader.findings.note("reads_remote", text);
  reader.findings.note(
    /^(?:put|write|set|delete|rm|insert|generate|edit|login|create|import|encrypt|run|rekey)$/.test(verb)
      ? "changes_remote"
      : "reads_secret",
    text,
  );
}

const forgeReads = /^(?:list|ls|view|status|diff|checks|checkout|watch|download|search|browse|clone-not|verify|get|show|trace)$/;

/** Forge tools: `gh pr list` reads; merging, commenting, creating is seen by others. */
function readForge(call: Call): void {
  const { words, reader, text } = call;
  const { findings } = reader;
  const texts = words.map((word) => word.text ?? "");
  const [group = "", verb = ""] = texts.filter((word) => !word.startsWith("-"));
  if (group === "" || /^(?:version|help|status|completion|search|browse)$/.test(group)) return findings.note("reads_remote", text);
  if (texts.includes("members") && texts.includes("add")) return findings.note("grants_access", text);
  if (/^(?:ssh-key|gpg-key|repo-deploy-key|deploy-key)$/.test(group) || (group === "repo" && verb === "deploy-key"))
    return findings.note(/^(?:list|ls)$/.test(texts.at(-1) ?? "") || verb === "list" ? "reads_remote" : "grants_access", text);
  if (group === "auth")
    return findings.note(
      verb === "status" && !texts.includes("--show-token") && !texts.includes("-t") ? "reads_remote" : "reads_secret",
      text,
    );
  if (group === "secret" || group === "variable") return findings.note(verb === "list" ? "reads_remote" : "changes_remote", text);
  if (group === "api") return readForgeApi(call, texts);
  if (group === "alias" || group === "extension" || group === "config")
    return findings.note(verb === "list" || verb === "get" ? "reads_remote" : "runs_hidden", text);
  if (group === "codespace") return findings.note(verb === "list" ? "reads_remote" : "other_machine", text);
  if ((group === "pr" || group === "mr") && verb === "create" && texts.includes("--dry-run")) return findings.note("reads_remote", text);
  if (forgeReads.test(verb)) return findings.note("reads_remote", text);
  if (group === "gist") {
    for (const word of words)
      if (word.text !== null && /[./]/.test(word.text) && !word.text.startsWith("-")) reader.touch("read", word, call.state);
    findings.sendsOut = true;
  }
  noteCarriedFiles(call);
  if (group === "release" && /^(?:upload|create)$/.test(verb)) findings.sendsOut = true;
  if (group === "repo" && verb === "clone") return findings.note("git_fetches", text);
  if ((group === "pr" || group === "mr") && verb === "merge") return findings.note("merges_remote", text);
  findings.note(/^(?:delete|close)$/.test(verb) ? "destroys_remote" : "changes_remote", text);
}

function readForgeApi(call: Call, texts: readonly string[]): void {
  const { findings } = call.reader;
  const at = texts.findIndex((word) => /^(?:-X|--method)$/.test(word));
  const method =
    at >= 0 ? texts[at + 1] : texts.map((word) => /^(?:-X|--method=)(\w+)$/.exec(word)?.[1]).find((found) => found !== undefined);
  const fields = texts.some((word) => /^(?:-f|-F|--field|--raw-field|--input)/.test(word));
  const reads = method ? /^get$/i.test(method) : !fields;
  if (!reads) noteCarriedFiles(call);
  if (!reads && /\/?(?:user|repos\/[^/]+\/[^/]+)\/keys|collaborators|gpg_keys/.test(call.text))
    return findings.note("grants_access", call.text);
  if (texts.includes("graphql"))
    return findings.note(
      /mutation/.test(call.text) || call.words.some((word) => word.text === null) ? "changes_remote" : "reads_remote",
      call.text,
    );
  findings.note(reads ? "reads_remote" : "changes_remote", call.text);
}

function readStripe(call: Call): void {
  const { words, reader, text } = call;
  const texts = words.map((word) => word.text ?? "");
  const live = texts.some((word) => /^--live$|[sr]k_live/.test(word));
  if (
    /\b(?:list|retrieve|get|logs|status|listen|samples|version|open|login-status|resources|config)\b/.test(text) &&
    !/config.*--set/.test(text)
  )
    return reader.findings.note(texts.includes("listen") ? "reads_remote" : "reads_remote", text);
  // The tool works in test mode unless told otherwise.
  const testMode = !live && !texts.some((word) => word.startsWith("--api-key")) && words.every((word) => word.text !== null);
  if (testMode) return reader.findings.note("reads_remote", text);
  reader.findings.note("pays", text);
}
