/** Modes of everything that is kept: it may hold secrets, so its owner alone reads it. */
export const ownerOnlyFolder = 0o700;
export const ownerOnlyFile = 0o600;
