/** Exit codes: the answer is yes, the answer is no, the command line is wrong, the work could not be done, it was interrupted. */
export const exitCodes: {
  readonly trusted: 0;
  readonly refused: 1;
  readonly usage: 2;
  readonly failed: 3;
  readonly interrupted: 130;
} = { trusted: 0, refused: 1, usage: 2, failed: 3, interrupted: 130 };
