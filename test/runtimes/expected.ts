import type { Runtime } from './list.mjs';
import type { Report } from './run.ts';
import type { Outcomes } from './steps.ts';

const refused = 'ERR_TRUST_NOT_VERIFIED';
const envelope = `true trusted ${refused} ${refused}`;

const portable: Outcomes = {
  'jws RSA-2048': envelope,
  'cose RSA-2048': envelope,
  'jws EC-256': envelope,
  'cose EC-256': envelope,
  'jws EC-384': envelope,
  'cose EC-384': envelope,
  'jws EC-521': envelope,
  'cose EC-521': envelope,
  'timestamp and revocation': `trusted ${refused}`,
  'published and verified over HTTP': 'trusted',
  'a signature of a stranger': refused,
  'no signature': 'ERR_TRUST_NO_SIGNATURE',
  'several signatures are listed': '2',
  'copied with its signatures': 'trusted',
  bundle: 'trusted ERR_OCI_INVALID',
  'stream of known size': 'true',
  'stream of unknown size': 'sha256:dfc23fa55a13f425cab9239ada27c59c6d8ffa1be528b1726b139124dde43027 1000000',
  range: 'true',
  'content that is not there': 'ERR_OCI_NOT_FOUND',
  'content of another digest': 'ERR_OCI_DIGEST_MISMATCH',
  'given up': 'true',
  digests: '38a8582465c5 d426ac92d975 e0f7fded4341',
  'packed artifact': 'sha256:a230a3e42559344b641feb6448e4a987519bf3f71cf1246266771918c6625756',
  'gate policy in YAML': 'sha256:4ddb0e065636dc558a4b3e156b142e2946505950d2e040a11a14c5ba15b0dd0f',
  'gate policy that repeats a member': 'ERR_GATE_POLICY',
  redaction: '*** | "***" | *** | ***',
};

const files: Outcomes = {
  'digest of a directory': 'sha256:7ff8270edfa56438f27665faeaeafe9a968366e1a96e6eee786e3e6dd9d51ed9',
  'digest of a file': 'sha256:bc1ced848b7e85af7895845b0019a44628eb011c50bba883f72648113bba09bc',
  'written and read back': '1 true',
  'a name that leaves the folder': 'ERR_OCI_PATH',
  'a link': 'ERR_OCI_PATH',
  'layout on disk': 'true',
  'server with TLS': 'reloaded',
};

/** What the suite says in a runtime: the same everywhere, but for what `differs` in its row. */
export function expectedIn({ kind, differs = {} }: Runtime): Report {
  return { portable, ...(kind === 'program' ? { files: { ...files, ...differs } } : {}) };
}
