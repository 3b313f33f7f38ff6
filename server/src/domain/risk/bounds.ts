/** Longest text that is read at all, in UTF-16 code units; a longer one counts as not understood. */
export const longestText = 131_072;
/** Most simple commands that one action may hold; more counts as not understood. */
export const mostCommands = 2_000;
/** How deep commands may nest in each other (`sh -c "sh -c …"`, functions, substitutions). */
export const deepestNesting = 24;
/** Most words that one command may have after expansion. */
export const mostWords = 5_000;
/** Most words that one word may expand to; more makes it unknown. */
export const mostExpansions = 200;
/** Longest text that one word may expand to, in UTF-16 code units. */
export const longestWord = 200_000;
/**
 * Most steps that reading one action may take: nodes of syntax trees, words, and parts of words. Together with
 * `longestText` this bounds the time: 100 kB of anything stay below 50 ms (`npm run bench -- judging`).
 */
export const mostSteps = 20_000;
/** Most rounds of a loop that are read one by one; a longer list makes the loop's variable unknown. */
export const mostRounds = 12;
/** Names kept of what an action touches (E34). */
export const affectedShown = 5;
/** Longest evidence kept with a factor, in UTF-16 code units. */
export const longestEvidence = 200;
/** Most paths, hosts or commands kept in a reading. */
export const mostKept = 500;
