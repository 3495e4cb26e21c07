import { ExitCode, setFailed, setOutput } from '@actions/core';
import { isCodedError } from '@notarykit/common';
import type { Action } from './action.js';
import { readInputs } from './inputs.js';
import { messageOf } from './message.js';
import { report, summarize } from './report.js';
import { createSecrets, type Secrets } from './secrets.js';

/** Runs an action in this process, whose exit code tells the runner whether the step succeeded. It never rejects. */
export async function runAction<Input extends string, Output extends string>(
  action: Action<Input, Output>,
): Promise<void> {
  // A program whose work is left lying ends with zero: until there is a verdict, it failed.
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

/** The work could not be done: that is no verdict, and never a yes. */
async function fail(error: unknown, { outputs }: Action<string, string>, secrets: Secrets): Promise<void> {
  const message = secrets.text(messageOf(error));
  setFailed(isCodedError(error) ? `${message} (${error.code})` : message);
  if (outputs.includes('verdict')) setOutput('verdict', 'failed');
  await summarize('❌ The step could not do its work', message).catch(() => undefined);
}
