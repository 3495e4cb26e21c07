/** Exit codes: the answer is yes, the answer is no, the command line is wrong, the work could not be done. */
export const exitCodes = { trusted: 0, notTrusted: 1, usage: 2, failed: 3 } as const;
