import type { PlatformEvidence } from '../evidence/evidence.js';
import type { ScanPolicy } from '../policy/document.js';
import type { DecisionContext } from './context.js';
import type { ExceptionTable } from './exceptions.js';
import type { VexTable } from './vex.js';

/** What rules about findings need. */
export interface FindingRules {
  readonly context: DecisionContext;
  readonly policy: ScanPolicy;
  readonly platform: PlatformEvidence;
  readonly exceptions: ExceptionTable;
  readonly vex: VexTable;
}
