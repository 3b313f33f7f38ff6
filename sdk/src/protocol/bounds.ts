/** Bounds that both sides know. Every one is enforced where the input comes in. */
export const bounds = {
  /** Largest request body, in bytes; a larger one is refused as `body_too_large`. */
  bodyBytes: 1024 * 1024,
  /** Longest policy text, in characters: 20,000 rules and their reasons. */
  policyTextLength: 4 * 1024 * 1024,
  /** Largest request body that holds a policy, in bytes. */
  policyBodyBytes: 10 * 1024 * 1024,
  /** Most questions of one run that may wait for a person at a time; what would be one more is denied. */
  openQuestions: 20,
  /** Most steps of one plan. */
  planSteps: 50,
  /** Longest that judging all of them takes, in milliseconds: whoever hands in, edits or approves a plan waits that much longer. */
  planJudgingMs: 30_000,
  /** Most actions of one dry run. */
  dryRunActions: 50,
  /** Deepest nesting of JSON. */
  jsonDepth: 64,
  /** Longest identifier, name or label, in characters. */
  nameLength: 200,
  /** Longest sentence from a person or an agent, in characters. */
  textLength: 20_000,
  /** Longest an approval request may wait: a year, in milliseconds. */
  approvalWaitMs: 366 * 24 * 3_600_000,
  /** Longest a grant holds: 7 days, in milliseconds. */
  grantMs: 7 * 24 * 3_600_000,
  /** Longest a breaker is held for a time: a day, in milliseconds. */
  breakerHoldMs: 24 * 3_600_000,
  /** Most tokens, and most money, of one report of usage. */
  usageReport: 1_000_000_000,
  /** Longest one HTTP wait is held before it answers `wait`, in milliseconds. */
  longPollMs: 60_000,
  /** Longest a model may take to review an action, in milliseconds: an agent's gate waits that much longer for its answer. */
  modelReviewMs: 8_000,
  /**
   * Longest that keeping a snapshot takes, in milliseconds: an agent's gate waits that much longer for its answer. The
   * first look at a workspace reads every file of it.
   */
  snapshotMs: 60_000,
  /** Most tables, rows of a table and columns of a row that the preview of an action shows. */
  previewTables: 20,
  previewRows: 5,
  previewColumns: 12,
  /** Longest cell of such a preview, and longest statement that takes it back, in characters. */
  previewCell: 120,
  previewStatement: 400,
  /** Longest data that an action hands in for its undo, in characters of JSON. */
  undoDataLength: 3 * 1024 * 1024,
  /** Most things that a program tells one by one, of an action or an undo. */
  undoItems: 10_000,
  /** Largest request body that holds such data and what is told of it, in bytes. */
  undoBodyBytes: 10 * 1024 * 1024,
  /** Most data that a handler is given to take back together, in characters of JSON. */
  undoTogetherLength: 12 * 1024 * 1024,
  /** Longest a program may take to take something back, in milliseconds; a restart of it included. */
  customUndoMs: 60_000,
  /** Most handlers that a program offers at a time. */
  undoHandlers: 100,
  /** Most rows in one page of a list. */
  pageRows: 200,
  /** Most lines in one log post. */
  logLines: 500,
  /** Longest log line kept, in characters. */
  logLineLength: 8_000,
  /** Most processes that a receipt tells one by one. */
  processResults: 100,
  /** Longest command line in a receipt, in characters. */
  commandLineLength: 200,
} as const;
