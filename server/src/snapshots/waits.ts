/** How long a database may take, in milliseconds: an action waits for it. */
export const waits = { connectMs: 5_000, statementMs: 8_000, lockMs: 3_000, silentMs: 10_000 } as const;
