// What tests of the kit, and programs around it, use.
export { archive } from './archive.mjs';
export { differences } from './generate/main.mjs';
export { CaseError, casesFolder, loadCase, loadCases, problemsOf } from './lib/cases.mjs';
export { applyExpectedFailures, readExpectedFailures, unusedPatterns } from './lib/expected-failures.mjs';
export { countsOf, pageOf, reportOf, tableOf } from './lib/report.mjs';
export { runCommand, runInProcess } from './lib/run-kit.mjs';
export { problemsOfSigned, runSigning, signingRequest, signings } from './lib/signing.mjs';
