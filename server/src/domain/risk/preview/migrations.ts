import type { PreviewItem } from "@pullcord/sdk/protocol";
import type { Reading, ReadCommand } from "../../reading.js";

/** What a migration tool's verbs come to. */
interface Tool {
  readonly name: string;
  /** How the tool is called, behind whatever starts it. */
  readonly called: RegExp;
  readonly applies?: RegExp;
  readonly reverts?: RegExp;
  readonly resets?: RegExp;
}

/** One tool more: one line. Looked at in this order: resets, reverts, applies. */
const tools: readonly Tool[] = [
  { name: "Prisma", called: /^prisma /, applies: /^(?:migrate (?:deploy|dev)|db push)\b/, resets: /^migrate reset\b|--force-reset\b/ },
  { name: "Alembic", called: /^alembic /, applies: /\bupgrade\b/, reverts: /\bdowngrade\b/ },
  { name: "Knex", called: /^knex /, applies: /^migrate:(?:latest|up)\b/, reverts: /^migrate:(?:rollback|down)\b/ },
  { name: "Sequelize", called: /^sequelize(?:-cli)? /, applies: /^db:migrate\b/, reverts: /^db:migrate:undo/, resets: /^db:drop\b/ },
  {
    name: "TypeORM",
    called: /^typeorm /,
    applies: /\b(?:migration:run|schema:sync)\b/,
    reverts: /\bmigration:revert\b/,
    resets: /\bschema:drop\b/,
  },
  { name: "Flyway", called: /^flyway /, applies: /\bmigrate\b/, reverts: /\bundo\b/, resets: /\bclean\b/ },
  { name: "Liquibase", called: /^liquibase /, applies: /\bupdate\b/, reverts: /\brollback/, resets: /\bdrop-?all\b/i },
  { name: "golang-migrate", called: /^migrate /, applies: /(?:^| )(?:up|goto)\b/, reverts: /(?:^| )down\b/, resets: /(?:^| )drop\b/ },
  {
    name: "goose",
    called: /^goose /,
    applies: /(?:^| )up(?:-to|-by-one)?(?: |$)/,
    reverts: /(?:^| )(?:down(?:-to)?|redo)(?: |$)/,
    resets: /(?:^| )reset(?: |$)/,
  },
  {
    name: "dbmate",
    called: /^dbmate /,
    applies: /(?:^| )(?:up|migrate)(?: |$)/,
    reverts: /(?:^| )(?:rollback|down)(?: |$)/,
    resets: /(?:^| )drop(?: |$)/,
  },
  {
    name: "Rails",
    called: /^(?:rails|rake) /,
    applies: /\bdb:migrate\b/,
    reverts: /\bdb:(?:rollback|migrate:down)\b/,
    resets: /\bdb:(?:reset|drop|schema:load|setup)\b/,
  },
  { name: "Django", called: /^(?:manage\.py|django-admin) /, applies: /^migrate\b/, resets: /^(?:flush|reset_db)\b/ },
  {
    name: "Laravel",
    called: /^artisan /,
    applies: /^migrate\b/,
    reverts: /^migrate:(?:rollback|reset)\b/,
    resets: /^(?:migrate:(?:fresh|refresh)|db:wipe)\b/,
  },
  { name: "Ecto", called: /^mix /, applies: /^ecto\.migrate\b/, reverts: /^ecto\.rollback\b/, resets: /^ecto\.(?:reset|drop)\b/ },
  { name: "Entity Framework", called: /^(?:dotnet-)?ef /, applies: /^database update\b/, resets: /^database drop\b/ },
  { name: "Drizzle", called: /^drizzle-kit /, applies: /^(?:push|migrate)\b/ },
  { name: "SQLx", called: /^sqlx /, applies: /^migrate run\b/, reverts: /^migrate revert\b/, resets: /^database (?:drop|reset)\b/ },
  {
    name: "Diesel",
    called: /^diesel /,
    applies: /^migration run\b/,
    reverts: /^migration (?:revert|redo)\b/,
    resets: /^database (?:reset|drop)\b/,
  },
  { name: "Supabase", called: /^supabase /, applies: /^(?:db push|migration up)\b/, resets: /^db reset\b/ },
  { name: "Atlas", called: /^atlas /, applies: /^(?:schema|migrate) apply\b/, reverts: /^migrate down\b/, resets: /^schema clean\b/ },
  { name: "Hasura", called: /^hasura /, applies: /^migrate apply\b/ },
];

/** What starts a tool that is written in its language, and what it takes itself. */
const starters =
  /^(?:(?:npx|bunx|pnpx|uvx|pnpm(?: (?:exec|dlx))?|yarn(?: (?:run|dlx|exec))?|npm (?:exec|run)(?: --)?|bundle exec|poetry run|uv run|pipenv run|hatch run|rye run|ruby|php|dotnet|python[\d.]*(?: -m)?)(?: -{1,2}[\w-]+)* )+/;

/** It only shows what it would do. */
const shows = /(?:^| )(?:--dry-run|--dryrun|--sql|--help|-h|--pretend|--create-only)(?: |=|$)/;

/** Migrations that would run, and what they come to (E35). Their own files are not read. */
export function migrations({ commands }: Pick<Reading, "commands">): readonly PreviewItem[] {
  // What starts a tool is a command as well as the tool.
  const sentences = new Set(commands.flatMap((command) => sentenceOf(lineOf(command)) ?? []));
  return [...sentences].map((sentence) => ({ about: "services", sentence }));
}

function lineOf({ program, words }: ReadCommand): string {
  const line = [program ?? "…", ...words.map((word) => word ?? "…")].join(" ");
  return line.replace(starters, "").replace(/^\S*\/(?=[^\s/]+)/, "");
}

function sentenceOf(line: string): string | null {
  const tool = tools.find(({ called }) => called.test(line));
  const given = line.replace(/^\S+ /, "");
  if (!tool || shows.test(line)) return null;
  if (tool.resets?.test(given))
    return `Migration (${tool.name}): empties the database, whether or not it builds it anew: every row is lost.`;
  if (tool.reverts?.test(given)) return `Migration (${tool.name}): takes migrations back, with the data in what they had added. ${expects}`;
  if (tool.applies?.test(given)) return `Migration (${tool.name}): applies what the database has not had yet. ${expects}`;
  return null;
}

const expects = "What it does stands in files that are not read here: tables may be locked, and services wait, while it runs.";
