import { beforeAll, describe, expect, it } from "vitest";
import { prepareReading, readAction } from "../read-action.js";
import { settingSurroundings } from "../corpus/setting.js";

beforeAll(prepareReading);

function said(command: string): readonly string[] {
  const { preview = [] } = readAction({ type: "command_execute", arguments: { command } }, settingSurroundings).assessment;
  return preview.flatMap(({ about, sentence }) => (about === "services" ? [sentence] : []));
}

describe("migrations in a preview", () => {
  it.each([
    ["npx prisma migrate deploy", "Prisma", "applies"],
    ["npx prisma migrate reset --force", "Prisma", "empties"],
    ["npx prisma db push --force-reset", "Prisma", "empties"],
    ["alembic upgrade head", "Alembic", "applies"],
    ["poetry run alembic downgrade -1", "Alembic", "takes"],
    ["npx knex migrate:latest --env production", "Knex", "applies"],
    ["knex migrate:rollback", "Knex", "takes"],
    ["npx sequelize-cli db:migrate:undo", "Sequelize", "takes"],
    ["flyway -url=jdbc:postgresql://db/shop migrate", "Flyway", "applies"],
    ["flyway clean", "Flyway", "empties"],
    ["migrate -path migrations -database postgres://db/shop up", "golang-migrate", "applies"],
    ["migrate -path migrations -database postgres://db/shop down 1", "golang-migrate", "takes"],
    ["goose -dir sql postgres dsn up", "goose", "applies"],
    ["dbmate rollback", "dbmate", "takes"],
    ["bundle exec rails db:migrate", "Rails", "applies"],
    ["bin/rails db:rollback STEP=2", "Rails", "takes"],
    ["rake db:drop", "Rails", "empties"],
    ["python manage.py migrate", "Django", "applies"],
    ["python3 ./manage.py flush --no-input", "Django", "empties"],
    ["php artisan migrate:fresh --seed", "Laravel", "empties"],
    ["mix ecto.rollback", "Ecto", "takes"],
    ["dotnet ef database update", "Entity Framework", "applies"],
    ["npx drizzle-kit push", "Drizzle", "applies"],
    ["sqlx migrate run", "SQLx", "applies"],
    ["diesel migration redo", "Diesel", "takes"],
    ["supabase db reset", "Supabase", "empties"],
  ])("%s: %s %s", (command, tool, does) => {
    expect(said(command)).toEqual([expect.stringMatching(new RegExp(`^Migration \\(${tool}\\): ${does} `, "u"))]);
  });

  it.each([
    "alembic upgrade head --sql",
    "alembic history",
    "npx prisma migrate diff",
    "rails db:seed",
    "python manage.py makemigrations",
    "echo alembic upgrade head",
    "flyway info",
    "migrate -help",
    "mix test",
  ])("are none in: %s", (command) => {
    expect(said(command).filter((sentence) => sentence.startsWith("Migration"))).toEqual([]);
  });
});

describe("downtime in a preview", () => {
  const psql = (sql: string) => said(`psql -d shop -c "${sql}"`);

  it.each([
    ["CREATE INDEX total ON orders (total)", "writes to orders wait while the index is built; CREATE INDEX CONCURRENTLY"],
    ["ALTER TABLE orders ALTER COLUMN total TYPE bigint", "reads and writes of orders wait while it is altered"],
    ["TRUNCATE orders", "reads and writes of orders wait until it is emptied"],
    ["VACUUM FULL orders", "wait while the table is written anew"],
    ["LOCK TABLE orders", "others may have to wait"],
    ["REFRESH MATERIALIZED VIEW sums", "wait while it is filled anew"],
  ])("is told of %s", (sql, sentence) => {
    expect(psql(sql)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    "CREATE INDEX CONCURRENTLY total ON orders (total)",
    "UPDATE orders SET total = 1 WHERE id = 1",
    "VACUUM orders",
    "CREATE TABLE notes (id int)",
  ])("is none with %s", (sql) => {
    expect(psql(sql)).toEqual([]);
  });

  it("is none of SQLite's", () => {
    expect(said(`sqlite3 shop.db "CREATE INDEX total ON orders (total)"`)).toEqual([]);
  });
});
