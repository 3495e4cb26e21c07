import { OciError } from '@notarykit/oci';
import { expect, it } from 'vitest';
import { refusalOf } from './failures.js';

const system = (code: string): Error => Object.assign(new Error(`${code}: /secret/path`), { code });

it.each([
  [507, 'STORAGE_FULL', ['ENOSPC', 'EDQUOT', 'EFBIG']],
  [500, 'STORAGE_DENIED', ['EACCES', 'EPERM', 'EROFS']],
  [503, 'STORAGE_BUSY', ['EMFILE', 'ENFILE']],
] as const)('D7 a refusal of the disk has the status %i and the code %s', (status, code, causes) => {
  for (const cause of causes) {
    const refusal = refusalOf(system(cause));
    expect(refusal).toMatchObject({ status, code });
    expect(refusal.message).toContain(cause);
    expect(refusal.message).not.toContain('/secret/path');
  }
});

it('D1 a limit says that nothing was kept', () => {
  expect(refusalOf(new OciError('ERR_OCI_LIMIT', 'full'))).toMatchObject({ status: 507, code: 'STORAGE_FULL' });
});
