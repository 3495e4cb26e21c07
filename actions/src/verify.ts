import { runAction } from './action/run.js';
import { verifyAction } from './verify/action.js';

void runAction(verifyAction);
