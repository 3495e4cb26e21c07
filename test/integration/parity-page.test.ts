import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../interop/notation-differential/case.js';
import { compareVerdicts, explain } from '../interop/notation-differential/compare.js';
import { parityPage } from '../interop/notation-differential/page.js';
import { allRows } from '../interop/notation-differential/rows.js';

const root = new URL('../../', import.meta.url);

describe('docs/parity.md', () => {
  test('says the rows of the differential, and nothing else', async () => {
    await expect(parityPage()).toMatchFileSnapshot('../../docs/parity.md');
  });

  test('no two rows are called the same', () => {
    expect(new Set(allRows.map(({ id }) => id)).size).toBe(allRows.length);
  });

  test('a row says by what reason it is known, or which test shows it', () => {
    for (const { id, side, ours, theirs, shown } of allRows)
      expect(shown ?? (side === 'tolerant' ? theirs : ours), id).toBeDefined();
  });

  test('the tests that rows name are there', () => {
    for (const { id, shown } of allRows) {
      if (shown === undefined) continue;
      const [path = '', name = ''] = shown.split(': ');
      expect(existsSync(new URL(path, root)), `${id}: ${path}`).toBe(true);
      expect(readFileSync(new URL(path, root), 'utf8'), id).toContain(name);
    }
  });
});

describe('a difference', () => {
  const says = (verdict: Verdict['verdict'], more: Partial<Verdict> = {}): Verdict => ({
    verdict,
    logged: [],
    reason: '',
    ...more,
  });

  test('is none when verdict, reason and what was logged are the same', () => {
    expect(compareVerdicts(says('trusted', { logged: ['expiry'] }), says('trusted', { logged: ['expiry'] }))).toBe(
      'equal',
    );
    expect(compareVerdicts(says('refused', { failed: 'expiry' }), says('refused', { failed: 'revocation' }))).toBe(
      'named',
    );
  });

  test('is wider where we accept, or log less than they do', () => {
    expect(compareVerdicts(says('trusted'), says('refused'))).toBe('wider');
    expect(compareVerdicts(says('skipped'), says('noStatement'))).toBe('wider');
    expect(compareVerdicts(says('trusted'), says('skipped'))).toBe('wider');
    expect(compareVerdicts(says('trusted'), says('trusted', { logged: ['expiry'] }))).toBe('wider');
  });

  test('is stricter where we refuse, or log more', () => {
    expect(compareVerdicts(says('policy'), says('trusted'))).toBe('stricter');
    expect(compareVerdicts(says('trusted', { logged: ['expiry'] }), says('trusted'))).toBe('stricter');
  });

  const row = { id: 'r', notation: '', here: '', why: '' };

  test('that is wider is explained by a tolerant row with their reason alone', () => {
    const both = [says('trusted', { reason: 'x' }), says('refused', { reason: 'x' })] as const;
    expect(explain({}, 'wider', both, [{ ...row, side: 'stricter', ours: /x/, theirs: /x/ }])).toBeUndefined();
    expect(explain({}, 'wider', both, [{ ...row, side: 'tolerant', ours: /x/ }])).toBeUndefined();
    expect(explain({}, 'wider', both, [{ ...row, side: 'tolerant', theirs: /x/ }])?.id).toBe('r');
  });

  test('is not explained by a row that wants to be named, unless the case names it', () => {
    const both = [says('trusted'), says('refused', { reason: 'x' })] as const;
    const named = { ...row, side: 'tolerant', theirs: /x/, named: true } as const;
    expect(explain({}, 'wider', both, [named])).toBeUndefined();
    expect(explain({ rows: ['r'] }, 'wider', both, [named])?.id).toBe('r');
  });
});
