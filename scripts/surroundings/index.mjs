import { needChromium } from "./chromium.mjs";
import { needClaudeCode } from "./claude-code.mjs";
import { needMysql } from "./mysql.mjs";
import { needPostgres } from "./postgres.mjs";

// Which part of the tests wants what, and how it learns where that is.
const wants = {
  chromium: ["browser"],
  claudeCode: ["journey"],
  postgres: ["store", "journey"],
  mysql: ["journey"],
};

/**
 * Finds, installs or starts what the named parts of the tests need.
 * Answers variables for the tests' environment, and by name what could not be had: the tests concerned are skipped, never silently.
 */
export async function needSurroundings(partNames) {
  const env = {};
  const missing = new Map();
  const isWanted = (what) => wants[what].some((part) => partNames.includes(part));

  const chromium = async () => {
    const { path, missing: reason } = await needChromium();
    if (path !== undefined) env.PULLCORD_TEST_CHROMIUM = path;
    else missing.set("chromium", `Chromium: ${reason}`);
  };
  const claudeCode = async () => {
    const { path, missing: reason } = await needClaudeCode();
    if (path !== undefined) env.PULLCORD_TEST_CLAUDE = path;
    else missing.set("claudeCode", `Claude Code: ${reason}`);
  };
  const postgres = async () => {
    const found = await needPostgres();
    env.PULLCORD_TEST_POSTGRES_URLS = found.servers.map((server) => server.url).join(" ");
    if (found.missing.length > 0) missing.set("postgres", found.missing.join("; "));
  };

  const mysql = async () => {
    const found = await needMysql();
    env.PULLCORD_TEST_MYSQL_URLS = found.urls.join(" ");
    if (found.missing.length > 0) missing.set("mysql", found.missing.join("; "));
  };

  const work = { chromium, claudeCode, postgres, mysql };
  await Promise.all(Object.keys(work).map((what) => (isWanted(what) ? work[what]() : undefined)));
  return { env, missing: [...missing.values()], lacks: (what) => missing.has(what) };
}
