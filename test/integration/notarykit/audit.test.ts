import { type AuditResult, audit, auditTargets, planResigning, summarizeAudit } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInventory, fill, type Inventory, kinds, now, policyFor, soon } from '../../support/audit/inventory.js';

const count = 240;
const each = count / kinds.length;

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe.each(['api', 'tag-schema'] as const)(`an audit of ${count} artifacts, referrers by %s`, (referrers) => {
  let inventory: Inventory;
  let repository: ReturnType<Inventory['repository']>;
  let results: readonly AuditResult[];
  beforeAll(async () => {
    inventory = await createInventory({ referrers });
    repository = inventory.repository('app');
    await fill(inventory, repository, count);
    results = await all(audit(repository, inventory.trust));
  }, 120_000);

  it('gives each artifact once, in the order of its first tag, with all its tags', () => {
    expect(results).toHaveLength(count);
    const cursors = results.map(({ cursor }) => cursor);
    expect(cursors).toEqual([...cursors].sort());
    expect(results.map(({ tags }) => tags[0])).toEqual(cursors);
    expect(results.filter(({ tags }) => tags.length === 2)).toHaveLength(each);
    expect(new Set(results.map(({ descriptor }) => descriptor?.digest)).size).toBe(count);
  });

  it('reports what is unsigned, and what an untrusted signer has signed', async () => {
    const codes: Record<string, string> = { unsigned: 'ERR_TRUST_NO_SIGNATURE', foreign: 'ERR_TRUST_NOT_VERIFIED' };
    for (const { cursor, verdict, problem } of results) {
      const kind = cursor.slice(6);
      expect(verdict, cursor).toBe(kind in codes ? 'refused' : 'trusted');
      expect(problem?.code, cursor).toBe(codes[kind]);
    }
    expect(await summarizeAudit(results)).toEqual({
      artifacts: { trusted: 4 * each, refused: 2 * each, skipped: 0, undecided: 0, unsigned: each },
      manifests: { trusted: each, refused: each, skipped: 0, undecided: 0, unsigned: each },
      flips: 0,
      firstEnd: '2026-06-11T00:00:00Z',
    });
  });

  it('judges each platform of an index on its own', () => {
    const indexes = results.filter(({ cursor }) => cursor.endsWith('index'));
    for (const { manifests } of indexes)
      expect(manifests.map(({ verdict, descriptor }) => [descriptor.platform?.architecture, verdict])).toEqual([
        ['amd64', 'trusted'],
        ['arm64', 'refused'],
      ]);
  });

  it('is the same in parts: a list of what it judges, each with its tags', async () => {
    const targets = await auditTargets(repository);
    expect(targets).toHaveLength(count);
    const parts = [targets.slice(0, 100), targets.slice(100)].map((part) => all(audit(part, inventory.trust)));
    const withoutCursor = (result: AuditResult): object => ({ ...result, cursor: undefined });
    expect((await Promise.all(parts)).flat().map(withoutCursor)).toEqual(results.map(withoutCursor));
    const { cursor } = results[count - 10] as AuditResult;
    expect(await auditTargets(repository, { after: cursor, maxTags: 10_000 })).toEqual(targets.slice(count - 9));
    await expect(auditTargets(repository, { maxTags: 5 })).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_AUDIT' });
  });

  it('goes on after a cursor', async () => {
    const { cursor } = results[count - 10] as AuditResult;
    const rest = await all(audit(repository, { ...inventory.trust, after: cursor }));
    expect(rest.map(({ tags }) => tags)).toEqual(results.slice(count - 9).map(({ tags }) => tags));
  });

  it('plans what to sign again, and lists separately what a person must check', async () => {
    const { renew, review, undecided } = await planResigning(results, { now });
    expect(undecided).toEqual([]);
    expect(renew).toHaveLength(each);
    for (const { why, by, tags } of renew) {
      expect([why, by && new Date(by), tags[0]?.slice(6)]).toEqual(['ends', soon, 'ending']);
    }
    expect(review.every(({ why }) => why === 'refused')).toBe(true);
    for (const code of ['ERR_TRUST_NO_SIGNATURE', 'ERR_TRUST_NOT_VERIFIED'])
      expect(review.filter(({ problem }) => problem?.code === code)).toHaveLength(each);
    const both = await planResigning(results, { now, platforms: 'both' });
    expect(both.review.filter(({ descriptor }) => descriptor.platform?.architecture === 'arm64')).toHaveLength(each);
    expect((await planResigning(results, { now, before: now })).renew).toEqual([]);
  });

  it('results with the words of an earlier version are undecided', async () => {
    const [result] = results;
    for (const verdict of ['notTrusted', 'unsigned', 'error']) {
      const problem = { code: 'ERR_TRUST_NO_SIGNATURE', message: 'no signature' };
      const old = { ...result, verdict, problem, manifests: [] } as unknown as AuditResult;
      expect(await planResigning([old], { now })).toEqual({ renew: [], review: [], undecided: [old] });
      expect((await summarizeAudit([old])).artifacts).toMatchObject({ trusted: 0, undecided: 1, unsigned: 0 });
      const turned = { ...result, manifests: [], verdict: 'trusted', against: { verdict, flips: true } };
      const plan = await planResigning([turned as unknown as AuditResult], { now });
      expect(plan.undecided).toHaveLength(1);
    }
  });

  it('refuses expired signatures as of a later date', async () => {
    const later = await all(
      audit(repository, { ...inventory.trust, at: new Date('2026-07-01T00:00:00Z'), platforms: 'index' }),
    );
    for (const { cursor, verdict } of later.filter((result) => result.cursor.endsWith('ending')))
      expect(verdict, cursor).toBe('refused');
    expect(later.filter(({ verdict }) => verdict === 'trusted')).toHaveLength(3 * each);
  });

  it('says what flips under another policy, and reads everything once for both', async () => {
    const policy = policyFor(['*'], { trustedIdentities: ['x509.subject:C=US,ST=WA,O=Nobody'] });
    const requests = (): number => inventory.lab.registry.requests.length;
    const before = requests();
    await all(audit(repository, inventory.trust));
    const alone = requests() - before;
    const turned = await all(audit(repository, { ...inventory.trust, against: { policy } }));
    expect(requests() - before - alone).toBe(alone);
    for (const { verdict, problem, against, cursor } of turned) {
      expect(against?.flips, cursor).toBe(verdict === 'trusted');
      expect(against?.verdict).toBe('refused');
      expect(against?.problem?.code === 'ERR_TRUST_NO_SIGNATURE').toBe(problem?.code === 'ERR_TRUST_NO_SIGNATURE');
    }
    const { renew } = await planResigning(turned, { now });
    expect(renew.filter(({ why }) => why === 'flips')).toHaveLength(4 * each);
    // What ends comes first: it is the more urgent.
    expect(renew.slice(0, each).every(({ by }) => by !== undefined)).toBe(true);
  });
});
