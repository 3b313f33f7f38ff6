// Every version that our scripts fetch besides package-lock.json. Nothing else is ever downloaded.

export const pinnedNode = "24.21.0";
export const pinnedPostgres = "18.4.0-beta.17";
export const pinnedClaudeCode = "2.1.329";
