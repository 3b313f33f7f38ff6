const manifest = {
  name: "orchard",
  version: "2.3.0",
  type: "module",
  scripts: {
    dev: "node --watch src/server.ts",
    build: "tsc -p tsconfig.build.json",
    test: "vitest run",
    "test:watch": "vitest",
    coverage: "vitest run --coverage",
    lint: "eslint .",
    format: "prettier --write .",
    typecheck: "tsc --noEmit",
    clean: "rimraf dist coverage",
    "db:migrate": "node scripts/migrate.mjs data/orchard.db",
    "db:seed": "node scripts/seed.mjs data/orchard.db",
    deploy: "npm run build && node scripts/deploy.mjs --to production",
    release: "npm publish",
  },
  dependencies: { hono: "4.0.0", zod: "4.0.0" },
  devDependencies: {
    eslint: "9.0.0",
    "markdownlint-cli2": "0.18.0",
    playwright: "1.60.0",
    prettier: "3.0.0",
    rimraf: "6.0.0",
    typescript: "5.9.0",
    vite: "8.0.0",
    vitest: "4.0.0",
  },
};

const lock = {
  name: "orchard",
  lockfileVersion: 3,
  packages: Object.fromEntries(
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(([name, version]) => [
      `node_modules/${name}`,
      { version, resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz` },
    ]),
  ),
};

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** What git has. */
export const committedFiles = {
  "package.json": json(manifest),
  "package-lock.json": json(lock),
  "tsconfig.json": json({ compilerOptions: { strict: true, module: "nodenext", outDir: "dist" }, include: ["src", "test"] }),
  "tsconfig.build.json": json({ extends: "./tsconfig.json", include: ["src"] }),
  ".gitignore": "node_modules/\ndist/\ncoverage/\ntmp/\n.env\ndata/\nuploads/\n*.log\n",
  "README.md": "# Orchard\n\nSells fruit trees.\n\n    npm ci\n    npm run dev\n",
  "CHANGELOG.md": "# Changelog\n\n## 2.3.0\n\n- Orders can be placed without an account.\n",
  "eslint.config.js": "export default [];\n",
  Makefile: "test:\n\tnpm test\nlint:\n\tnpm run lint\n",
  "src/server.ts":
    'import { serve } from "hono/serve";\nimport { routes } from "./http/routes.js";\n\nserve({ fetch: routes.fetch, port: 3000 });\n',
  "src/http/routes.ts":
    'import { Hono } from "hono";\nimport { cartTotal } from "../cart.js";\n\nexport const routes = new Hono();\nroutes.get("/health", (c) => c.text("ok"));\n',
  "src/http/errors.ts": "export class NotFound extends Error {}\n",
  "src/cart.ts":
    "export interface Line {\n  readonly cents: number;\n  readonly count: number;\n}\n\nexport function cartTotal(lines: readonly Line[], tax: number): number {\n  const net = lines.reduce((sum, line) => sum + line.cents * line.count, 0);\n  return Math.floor(net * (1 + tax));\n}\n",
  "src/orders.ts":
    'import { cartTotal } from "./cart.js";\n\nexport function placeOrder(customer: string): string {\n  return `${customer}:${cartTotal([], 0)}`;\n}\n',
  "src/catalogue.ts": 'export const trees = ["apple", "pear", "quince"];\n',
  "src/tax.ts": "export const taxOf = (country: string) => (country === 'AT' ? 0.2 : 0.19);\n",
  "src/mail.ts": "export function orderMail(order: string): string {\n  return `Thank you for ${order}`;\n}\n",
  "src/logging.ts": "export const log = (line: string) => console.log(line);\n",
  "src/database.ts": 'import { DatabaseSync } from "node:sqlite";\n\nexport const open = (path: string) => new DatabaseSync(path);\n',
  "test/cart.test.ts":
    'import { expect, it } from "vitest";\nimport { cartTotal } from "../src/cart.js";\n\nit("adds up", () => expect(cartTotal([{ cents: 100, count: 2 }], 0)).toBe(200));\n',
  "test/orders.test.ts":
    'import { expect, it } from "vitest";\nimport { placeOrder } from "../src/orders.js";\n\nit("names the customer", () => expect(placeOrder("ada")).toContain("ada"));\n',
  "test/tax.test.ts":
    'import { expect, it } from "vitest";\nimport { taxOf } from "../src/tax.js";\n\nit("knows Austria", () => expect(taxOf("AT")).toBe(0.2));\n',
  "migrations/001_orders.sql":
    "create table orders (id integer primary key, customer text not null, total_cents integer not null, placed_at integer not null);\ncreate table trees (id integer primary key, name text not null, stock integer not null default 0);\n",
  "scripts/migrate.mjs": 'console.log("migrating", process.argv[2]);\n',
  "scripts/seed.mjs": 'console.log("seeding", process.argv[2]);\n',
  "scripts/deploy.mjs": 'console.log("deploying", process.argv.slice(2));\n',
  "web/index.html": "<!doctype html>\n<title>Orchard</title>\n<link rel=stylesheet href=app.css>\n",
  "web/app.css": "body {\n  font: 16px/1.5 sans-serif;\n}\n",
  "web/app.ts": 'document.querySelector("h1")?.append("Orchard");\n',
  "docs/architecture.md": "# Architecture\n\nOne server, one database.\n",
  "docs/api.md": "# API\n\n`GET /health`\n",
  ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm ci && npm test\n",
  Dockerfile: "FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD node dist/server.js\n",
  "compose.yaml": "services:\n  app:\n    build: .\n    ports: ['3000:3000']\n",
} as const;

/** What lies there and git does not have: secrets, customers' files, what a build makes again. */
export const ownFiles: Readonly<Record<string, string>> = {
  ".env": "PAYMENTS_KEY=not-a-real-key-4f1b\nDATABASE_FILE=data/orchard.db\n",
  "uploads/labels/ada.pdf": "%PDF-1.4 a label\n",
  "uploads/labels/grace.pdf": "%PDF-1.4 another label\n",
  "dist/server.js": "// built\n",
  "coverage/index.html": "<p>91 %</p>\n",
  "tmp/trace.log": "GET /health 200\n",
  "dev.log": "listening on 3000\n",
  ...Object.fromEntries(
    Object.entries(manifest.devDependencies).map(([name, version]) => [
      `node_modules/${name}/package.json`,
      json({ name, version, bin: { [name]: "cli.mjs" } }),
    ]),
  ),
};
