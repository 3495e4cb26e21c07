import { isJsonObject, type JsonObject, parseJson, quote, utf8 } from '@notarykit/common/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import type { RecordedOutcome } from '@notarykit/trust-policy/internal';
import { type AuditRecord, lineTypes, recordProblem, type UnrecordedOutcome } from './entry.js';
import { readAnswer, readOutcome, readUnrecorded } from './read-entry.js';

/** What is read so far. */
interface Taken {
  readonly outcomes: RecordedOutcome[];
  readonly answers: RecordedAnswer[];
  readonly unrecorded: UnrecordedOutcome[];
}

/**
 * Reads a record that an audit has written, completely or not at all; several records one after the other are read as one. It is not
 * authenticated: a change of it changes what a simulation says, but no verdict about an artifact.
 *
 * @param source - its text, or its lines
 * @throws {NotaryKitError} `ERR_NOTARYKIT_RECORD` for a line that cannot be read, and for a truncated record
 *
 * @example
 * ```ts
 * const { outcomes, answers } = await parseAuditRecord(text);
 * const revocation = offlineRevocationChecker({ answers });
 * const changed = (await simulate(next, outcomes, { trustStore, revocation })).filter(({ flips }) => flips);
 * ```
 */
export async function parseAuditRecord(
  source: string | Iterable<string> | AsyncIterable<string>,
): Promise<AuditRecord> {
  const taken: Taken = { outcomes: [], answers: [], unrecorded: [] };
  let number = 0;
  let since = 0;
  let ended = false;
  for await (const line of typeof source === 'string' ? source.split('\n') : source) {
    number++;
    if (line.trim() === '') continue;
    const entry = readLine(line, number);
    ended = entry['type'] === lineTypes.end;
    if (ended) checkEnd(entry, since, number);
    else take(taken, entry, number);
    since = ended ? 0 : since + 1;
  }
  if (!ended)
    throw recordProblem(
      number,
      'the record is truncated: its last line is missing, and other lines may be missing too',
    );
  return taken;
}

function readLine(line: string, number: number): JsonObject {
  try {
    const value = parseJson(utf8(line), { maxDepth: 16, numbers: 'integers' });
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw recordProblem(number, (cause as Error).message, cause);
  }
  throw recordProblem(number, 'expected a JSON object');
}

function checkEnd({ version, lines }: JsonObject, found: number, number: number): void {
  if (version !== '1.0') throw recordProblem(number, `expected version "1.0", found ${quote(version)}`);
  if (lines !== found) throw recordProblem(number, `expected ${quote(lines)} lines before it, found ${found}`);
}

function take({ outcomes, answers, unrecorded }: Taken, entry: JsonObject, number: number): void {
  const { type } = entry;
  try {
    if (type === lineTypes.outcome) outcomes.push(readOutcome(entry));
    else if (type === lineTypes.answer) answers.push(readAnswer(entry));
    else if (type === lineTypes.unrecorded) unrecorded.push(readUnrecorded(entry));
    else throw new Error(`type: expected ${Object.keys(lineTypes).join(', ')}, found ${quote(type)}`);
  } catch (cause) {
    throw recordProblem(number, (cause as Error).message, cause);
  }
}
