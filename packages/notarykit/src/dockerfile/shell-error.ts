/** A word that cannot be expanded: its syntax is wrong, or it demands a variable that is unset. */
export class ExpansionError extends Error {}
