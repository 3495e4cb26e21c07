import { runAction } from './action/run.js';
import { promoteAction } from './promote/action.js';

void runAction(promoteAction);
