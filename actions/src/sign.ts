import { runAction } from './action/run.js';
import { signAction } from './sign/action.js';

void runAction(signAction);
