import { actionContext } from './action/context.js';
import { signAction } from './action/sign.js';

const context = actionContext(process.env);
signAction(context).catch((error: unknown) => {
  context.fail(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
