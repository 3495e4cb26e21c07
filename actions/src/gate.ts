import { runAction } from './action/run.js';
import { gateAction } from './gate/action.js';

void runAction(gateAction);
