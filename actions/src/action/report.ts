import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { error, setFailed, setOutput, summary, warning } from '@actions/core';
import type { Conclusion } from './action.js';
import { inputError } from './errors.js';
import type { SarifLog, SarifResult } from './sarif.js';

/** A step may have ten annotations of a level; one of them is that of the step itself. */
const mostAnnotations = 9;
/** A summary may have 1 MiB; what is longer is lost as a whole. A character that is escaped has five bytes. */
const longestSummary = 200_000;

/**
 * Reports how the run ended. A failing step is marked as failed first, whatever happens to the rest. The outputs come last: without a
 * complete report there is no verdict.
 *
 * @param sarifFile - where the findings are written; undefined for nowhere
 */
export async function report(conclusion: Conclusion, sarifFile: string | undefined): Promise<void> {
  const { passed, headline, explanation, findings, outputs } = conclusion;
  if (!passed) setFailed(headline);
  logText(explanation);
  if (findings !== undefined) annotate(findings.runs[0].results);
  await summarize(`${passed ? '✅' : '❌'} ${headline}`, explanation);
  const written = await writeFindings(findings, sarifFile);
  for (const [name, value] of Object.entries({ ...outputs, ...written })) setOutput(name, value);
}

async function writeFindings(
  findings: SarifLog | undefined,
  sarif: string | undefined,
): Promise<{ readonly sarif?: string }> {
  if (sarif === undefined || findings === undefined) return {};
  try {
    await writeFile(sarif, `${JSON.stringify(findings, null, 2)}\n`);
    return { sarif };
  } catch (cause) {
    throw inputError('sarif-file', 'it cannot be written', cause);
  }
}

/** Writes text to the log so that the runner takes no line of it for a command, whatever names and messages are in it. */
export function logText(text: string): void {
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n${text.trimEnd()}\n::${token}::\n`);
}

function annotate(results: readonly SarifResult[]): void {
  for (const [level, annotation] of [
    ['error', error],
    ['warning', warning],
  ] as const) {
    const found = results.filter((result) => result.level === level);
    const shown = found.length > mostAnnotations ? mostAnnotations - 1 : found.length;
    for (const { ruleId, message } of found.slice(0, shown)) annotation(message.text, { title: ruleId });
    if (found.length > shown) annotation(`${found.length - shown} more; see the summary of the job`);
  }
}

/** A page in the job's summary, where the runner has one. */
export async function summarize(headline: string, explanation: string): Promise<void> {
  if (!process.env['GITHUB_STEP_SUMMARY']) return;
  const shown = explanation.slice(0, longestSummary);
  const rest = shown.length < explanation.length ? '\n… the whole text is in the log' : '';
  await summary
    .addHeading(escapeHtml(headline), 3)
    // An empty line ends the heading's block of HTML: what follows is then text up to </pre>, empty lines included (CommonMark, 4.6).
    .addEOL()
    .addCodeBlock(escapeHtml(shown.trimEnd() + rest))
    .write();
}

/** The toolkit writes HTML as it is given. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
