const verb = 'test/integration/notarykit/summary.test.ts';
const gate = 'packages/sbom-gate/src/summary';
const notarykit = 'packages/notarykit/src';

const row = (id, what, file, find, replace, test = verb) => ({ id, what, test, file: `${file}.ts`, find, replace });
/** A reason of the judge that is not looked at. */
const judge = (id, what, condition) => row(id, what, `${gate}/accept`, `if (${condition})`, 'if (false)');
const search = (id, what, find, replace = '') => row(id, what, `${notarykit}/summary/short-path`, find, replace);
const key = (id, what, find, replace) => row(id, what, `${notarykit}/verdict/summary-key`, find, replace);

export const guards = [
  judge('GS2', 'the image', '!summary.subjects.includes(options.digest)'),
  judge('GS2', 'the place', 'summary.resourceUri !== options.resourceUri'),
  judge('GS2', 'the verifier', '!policy.verifiers.includes(verifier)'),
  judge('GS3', 'the policy', 'summary.policy !== options.policyDigest'),
  judge('GS3', 'the request', 'grounds.request !== options.request'),
  key('GS3', 'the code', "['summary', version, key]", "['summary', key]"),
  key('GS3', 'the levels of signers', 'signersKey(signers, summaryTrustRows)', '[...signers.keys()]'),
  row('GS5', 'what it says', `${gate}/accept`, 'if (!summary.passed) return refuse', 'if (false) return refuse'),
  row(
    'GS5',
    'one that failed, as new or newer',
    `${gate}/accept`,
    'if (doubts.some((time) => time >= timeVerified))',
    'if (false)',
  ),
  row('GS5', 'one that failed, as new', `${gate}/accept`, 'time >= timeVerified', 'time > timeVerified'),
  row(
    'GS5',
    'one that failed at an unknown time',
    `${gate}/accept`,
    'if (!summary.passed && summary.timeVerified === undefined)',
    'if (false)',
  ),
  judge('GS6', 'the future', 'timeVerified > now'),
  row(
    'GS6',
    'the greatest age',
    `${gate}/accept`,
    'Math.min(timeVerified.getTime() + policy.maxAge, grounds.validUntil.getTime())',
    'grounds.validUntil.getTime()',
  ),
  row(
    'GS6',
    'the end of the decision',
    `${gate}/accept`,
    'Math.min(timeVerified.getTime() + policy.maxAge, grounds.validUntil.getTime())',
    'timeVerified.getTime() + policy.maxAge',
  ),
  row(
    'GS6',
    'the end that a making finds',
    `${notarykit}/summary/grounds`,
    "if (at(new Date(time)).verdict !== 'ALLOW') break;",
    '',
  ),
  row(
    'GS6',
    'the end of what is remembered',
    `${notarykit}/verdict/decide`,
    'earliest([...endOf(signed), validUntil, horizon])',
    'earliest([...endOf(signed), horizon])',
    'test/integration/admission/summary.test.ts',
  ),
  key('GS7', 'what was seen', '(seen.length === 0 ? [] : undefined)', '[]'),
  key('GS7', 'a time of the caller', "fixed ? undefined : 'clock'", "fixed ? 'clock' : 'clock'"),
  key(
    'GS7',
    'exceptions for images',
    'namesImages(policy) ? undefined : digestOfFrozen(policy)',
    'digestOfFrozen(policy)',
  ),
  search(
    'GS7',
    'rules and the tag',
    'if (gate.rules.length > 0 && subject.reference !== undefined && subject.reference !== resource)',
    'if (false)',
  ),
  judge('GS4', 'signatures that have ended', '!areSigned(signatures, now)'),
  search(
    'GS4',
    'what could not be found out',
    "if (decision.verdict === 'undecided' || outcome.missed !== undefined)",
    'if (false)',
  ),
  search(
    'GS4',
    'the signers of the policy',
    'const aliases = this.#policy.signedBy;',
    'const aliases = [...policy.signers.keys()];',
  ),
  row('GS8', 'the digest of a summary', `${gate}/accept`, 'if (revoked.includes(manifest))', 'if (false)'),
  row('GS8', 'the digest of an image', `${gate}/accept`, 'if (revoked.includes(digest))', 'if (false)'),
  row(
    'GS8',
    'what the policy of a cluster takes back',
    'packages/admission/src/verify/verify-with',
    'gate: { ...evidence, trust',
    'gate: { ...evidence, revokedSummaries: [], trust',
    'test/integration/admission/summary.test.ts',
  ),
  search('GS9', 'what is new', 'if (fresh !== undefined)', 'if (false)'),
  search('GS9', 'what is new on a platform', 'if (digest !== image) listed', 'if (false) listed'),
  row('GS9', 'what may be signed later', `${notarykit}/summary/grounds`, "  'EVIDENCE_UNSIGNED',\n", ''),
  search('GS10', 'signers that are revoked', 'if (revoked !== undefined)', 'if (false)'),
  row(
    'GS10',
    'every certificate of a chain',
    `${notarykit}/summary/revocation`,
    'certificates.slice(0, -1).every',
    'certificates.slice(0, answered.size).every',
  ),
  row(
    'GS10',
    'every answer about a certificate',
    `${notarykit}/summary/revocation`,
    'statuses.every(({ status }) => isGood(status))',
    'statuses.some(({ status }) => isGood(status))',
  ),
  row(
    'GS10',
    'a checker that fails',
    `${notarykit}/summary/revocation`,
    '    call.signal?.throwIfAborted();\n    return false;',
    '    return true;',
  ),
  search('GS11', 'how many are looked at', 'if (fresh.length > maxSummaries)', 'if (false)'),
  search('GS11', 'the size of a statement', 'if (layer.size > maxSummaryBytes)', 'if (false)'),
  row(
    'GS11',
    'the length of a list',
    `${notarykit}/summary/attachments`,
    'if (others.length + summaries.length <= limit) return',
    'if (true) return',
  ),
  row('GS12', 'a summary of a summary', `${gate}/build`, "if (proof?.by === 'summary')", 'if (false)'),
  row(
    'GS12',
    'a decision without signatures',
    'packages/sbom-gate/src/allowed',
    "proof?.by === 'summary' ? proof.signatures : proof?.image",
    "proof?.by === 'summary' ? [1] : proof?.image",
  ),
  {
    id: 'GS13',
    what: 'the name that an image gets, looked at twice',
    test: verb,
    edits: [
      { file: `${notarykit}/summary/grounds.ts`, find: 'at(now, resource)', replace: 'at(now)' },
      { file: `${notarykit}/summary/grounds.ts`, find: 'at(time, resource)', replace: 'at(time)' },
    ],
  },
];
