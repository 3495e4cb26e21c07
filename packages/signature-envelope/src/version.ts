/** What is in the signing agent header of envelopes made here; a test keeps it equal to the package's version. */
export const defaultSigningAgent = 'notarykit/0.1.0';
