import { ExitCode, setFailed, setOutput } from '@actions/core';
import { isCodedError } from '@notarykit/common';
import type { Action } from './action.js';
import { readInputs } from './inputs.js';
import { messageOf, withHelp } from './message.js';
import { report, summarize } from './report.js';
import { createSecrets, type Secrets } from './secrets.js';

/** Runs an action in this process, whose exit code is the result of the step for the runner. It never rejects. */
export async function runAction<Input extends string, Output extends string>(
  action: Action<Input, Output>,
): Promise<void> {
  // Node exits with zero when nothing is left to wait for, finished or not: until there is a verdict, the step has failed.
  process.exitCode = ExitCode.Failure;
  const secrets = createSecrets();
  try {
    const inputs = readInputs<Input | 'sarif-file'>();
    const conclusion = await action.run({ inputs, secrets });
    await report(conclusion, inputs.text('sarif-file'));
    if (conclusion.passed) process.exitCode = ExitCode.Success;
  } catch (error) {
    await fail(error, action, secrets);
  }
}

/** The work could not be done: there is no verdict, and this never counts as a yes. */
async function fail(error: unknown, { outputs }: Action<string, string>, secrets: Secrets): Promise<void> {
  const message = secrets.text(messageOf(error));
  setFailed(withHelp(isCodedError(error) ? `${message} (${error.code})` : message, error));
  if (outputs.includes('verdict')) setOutput('verdict', 'failed');
  await summarize('❌ The step could not do its work', withHelp(message, error)).catch(() => undefined);
}
