// No duration is measured by the clock that tells the date: it can be put forward and back. `performance.now()` cannot.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Where the date is meant, and why. */
const dates: Readonly<Record<string, string>> = {
  'packages/admission/src/verify/cached.ts': 'verdicts are valid until a date',
  'packages/cli/src/commands/cert-generate-test.ts': 'a certificate is valid until a date',
  'packages/common/src/age.ts': 'the one place where both clocks are compared',
  'packages/common/src/node/files/lock-holder.ts': 'dates of files',
  'packages/common/src/node/files/temporary.ts': 'dates of files',
  'packages/common/src/sealed-cache.ts': 'entries are shared by machines, which have the date in common',
  'packages/containerd-verifier/src/kubelet/kubelet-credentials.ts': 'credentials expire at a date',
  'packages/kms-providers/src/aws/errors.ts': 'Retry-After may be a date',
  'packages/kms-providers/src/azure/errors.ts': 'Retry-After may be a date',
  'packages/kms-providers/src/remote/json-exchange.ts': 'Retry-After may be a date',
  'packages/notarykit/src/verdict/cache.ts': 'verdicts say at which date they were found',
  'packages/pki/src/timestamp/http-timestamper.ts': 'Retry-After may be a date',
  'packages/registry-client/src/auth/account.ts': 'credentials expire at a date',
  'packages/registry-client/src/http/status-error.ts': 'Retry-After may be a date',
  'packages/testing/src/kms/aws.ts': 'requests are signed for a date',
  'packages/testing/src/kms/serve.ts': 'the Date header',
  'packages/testing/src/registry/embedded-registry.ts': 'tokens are valid until a date',
  'packages/testing/src/timestamp/token.ts': 'a serial number',
};

/** `Date.now`, and the other ways to a number of milliseconds. */
const wallClock = /\bDate\.now\b|new Date\(\)\s*\.\s*(?:getTime|valueOf)|[-+]\s*new Date\(\)/;

function sources(folder: string): string[] {
  return (
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      // From Node 24 on, links are followed, and `node_modules` links to the siblings.
      .filter((path) => path.includes('/src/') && !path.includes('/node_modules/'))
  );
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

it('D11 durations are measured by a clock that does not step', () => {
  const found = sources('packages').filter((path) =>
    wallClock.test(withoutComments(readFileSync(join(root, path), 'utf8'))),
  );
  expect(found.filter((path) => !(path in dates))).toEqual([]);
});
