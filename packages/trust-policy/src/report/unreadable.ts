import { type Descriptor, mediaTypes } from '@notarykit/oci/internal';
import { describeFact } from '../describe/fact.js';
import type { Fact } from '../facts.js';
import { type ValidationActions, validationTypes } from '../levels.js';
import type { SignatureReport, ValidationReport } from './report.js';
import { verdictOnFailure } from './undecided.js';

/** The report of a signature that could not be fetched: integrity fails, nothing else is reached. */
export function unreadableReport(
  manifest: Descriptor | undefined,
  actions: ValidationActions,
  fact: Fact,
): SignatureReport {
  const validations = validationTypes.map((validation): ValidationReport => {
    if (validation === 'integrity')
      return { validation, action: actions[validation], result: 'failed', fact, ...describeFact(fact), evidence: [] };
    const message = 'not reached: there is no envelope';
    return { validation, action: actions[validation], result: 'notRun', message, evidence: [] };
  });
  const named = manifest === undefined ? {} : { manifest: manifest.digest };
  const mediaType = manifest?.mediaType ?? mediaTypes.octetStream;
  return { verdict: verdictOnFailure({ validations }), ...named, mediaType, validations };
}
