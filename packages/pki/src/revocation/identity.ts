import { type Classification, digestOfKey, keyOf, sha256Hex } from '@notarykit/common/internal';
import type { JudgingOptions, RevocationCheckerOptions } from './checker-options.js';
import type { RecordedAnswer } from './recorded.js';

const transport = 'how answers are had: without one the status is "unavailable", which is never remembered';
const kept = 'answers out of a cache are verified like fresh ones';

const judging: Classification<JudgingOptions> = {
  maxAgeMs: { part: (maxAgeMs) => maxAgeMs },
  allowSha1: { part: (allowed) => allowed },
  alternatives: { part: (alternatives) => alternatives },
};

const rows: Classification<RevocationCheckerOptions> = /* @__PURE__ */ (() => ({
  ...judging,
  nonce: { part: (nonce) => nonce },
  fetch: { outside: transport },
  addresses: { outside: transport },
  ocspTimeoutMs: { outside: transport },
  crlTimeoutMs: { outside: transport },
  maxOcspBytes: { outside: transport },
  maxCrlBytes: { outside: transport },
  pemCrls: { part: (pem) => pem },
  httpsRedirects: { part: (https) => https },
  ocspBudgetMs: { outside: transport },
  crlBudgetMs: { outside: transport },
  cache: { outside: kept },
  ocspCache: { outside: kept },
  onAnswer: { outside: 'it is called, and decides nothing' },
}))();

/** What answers count for a checker over HTTP. Nothing for one that was made with unknown options. */
export function identityOf(options: RevocationCheckerOptions): { readonly identity?: string } {
  const { key } = keyOf(options, rows);
  return key === undefined ? {} : { identity: `http ${digestOfKey(key)}` };
}

const offlineRows: Classification<JudgingOptions & { readonly answers: readonly RecordedAnswer[] }> =
  /* @__PURE__ */ (() => ({
    ...judging,
    answers: { part: (answers) => answers.map(keyOfAnswer) },
  }))();

function keyOfAnswer({ method, url, certId = '', answer }: RecordedAnswer): readonly string[] {
  return [method, url, certId, sha256Hex(answer)];
}

/** What counts for a checker of recorded answers: these, judged so. */
export function identityOfRecording(options: JudgingOptions & { readonly answers: readonly RecordedAnswer[] }): string {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(offlineRows, name));
  const { key = null } = keyOf(Object.fromEntries(known) as typeof options, offlineRows);
  return `recorded ${digestOfKey(key)}`;
}
