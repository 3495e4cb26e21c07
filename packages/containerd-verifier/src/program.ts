import { type VerifierAnswer, verifierExitCodes } from './answer.js';
import { runVerifier } from './run.js';

/** The parts of a process that are used. */
export interface VerifierProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  exitCode?: typeof process.exitCode;
  exit(code: number): never;
}

interface Output {
  write(text: string, written?: () => void): unknown;
}

/** Answers containerd as this process, which ends with the answer. */
export function startVerifier(host: VerifierProcess): void {
  // Zero allows the image, and Node exits with zero when nothing is left to wait for, finished or not: until there is an answer, it is no.
  host.exitCode = verifierExitCodes.undecided;
  const logger = {
    warn: (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void host.stderr.write(`warning: ${message} ${JSON.stringify(facts)}\n`),
  };
  const folder = host.env['NOTARYKIT_CONTAINERD_VERIFIER'] || undefined;
  const options = { words: host.argv.slice(2), input: host.stdin, logger };
  void runVerifier(folder === undefined ? options : { ...options, folder }).then((answer) => end(host, answer));
}

/** Exits as soon as the answer is written: open connections and helpers must not delay the pull. */
function end(host: VerifierProcess, { exitCode, reason, details }: VerifierAnswer): void {
  host.stderr.write(details);
  host.stdout.write(`${reason}\n`, () => host.exit(exitCode));
}
