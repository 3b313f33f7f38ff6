/**
 * What stays unseen in a text, or reorders what is around it: controls, formats (bidi), line and paragraph separators,
 * private use, unassigned, half surrogates, default-ignorable code points, every space but U+0020, and the blanks that
 * Unicode counts as symbols (threat R16). The inside of a character class of a regular expression with the flag `v`;
 * line feed and tab are among them, so a caller that lays out lines takes these out first.
 */
export const invisibleClass = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}[\p{Zs}--\x20]`;
