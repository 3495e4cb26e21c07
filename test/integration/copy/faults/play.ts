import { type CopyOutcome, copyGraph, discover, referrersOf, tagArtifact } from '@notarykit/artifact-graph';
import { isCodedError } from '@notarykit/common';
import { type Descriptor, fetchBytes, type Repository } from '@notarykit/oci';
import { expect } from 'vitest';
import type { ServerKeys } from '../../../support/copy/front.js';
import { type CopyLab, createCopyLab, type Side } from '../../../support/copy/lab.js';
import type { Release } from '../../../support/copy/release.js';
import type { Ending, RegistryCell } from './cell.js';

/** How a copy ended. */
type Ended = { readonly outcome: CopyOutcome } | { readonly error: unknown };

/** Plays a cell: the copy under the fault, the invariants, then the same copy without it. */
export async function playCell(cell: RegistryCell, keys: ServerKeys, release: Release): Promise<void> {
  const lab = await createCopyLab(keys, release, {
    ...(cell.source && { source: cell.source }),
    ...(cell.target && { target: cell.target }),
    silent: cell.fault.startsWith('stall'),
  });
  try {
    await cell.arrange(lab);
    const ends = cell.ends2?.(lab) ?? { source: lab.source.repository(), target: lab.target.repository() };
    const options = { reference: 'v1', ...cell.options };
    const ended = await endOf(copyGraph(ends.source, ends.target, options));
    checkEnding(cell.ends, ended);
    checkRequests(lab);
    await checkUploads(cell, lab);
    for (const side of [lab.source, lab.target]) {
      side.registry.clearRules();
      await side.front.restore();
    }
    const mirrored = ends.target.name.endsWith('/mirror');
    await checkTarget(mirrored ? ends.target : lab.target.direct, lab, ended, mirrored);
    await rerun(lab, ends, mirrored);
    checkCredentials(lab);
  } finally {
    await lab.close();
  }
}

async function endOf(copying: Promise<CopyOutcome>): Promise<Ended> {
  try {
    return { outcome: await copying };
  } catch (error) {
    return { error };
  }
}

/** Invariant 3: success with the right bytes, or a typed error. */
function checkEnding(ends: Ending, ended: Ended): void {
  if (ends === 'success') {
    expect('error' in ended ? ended.error : undefined).toBeUndefined();
    return;
  }
  const { error } = ended as { error?: unknown };
  if (!isCodedError(error)) throw new Error('expected a coded error', { cause: error });
  expect(error.code).toBe('ERR_GRAPH_COPY');
  expect(ends, String((error.cause as Error)?.message)).toContain((error.cause as { code?: string }).code);
}

/** Invariants 1 and 2: no tag but the old or the requested one, and everything below it. */
async function checkTarget(target: Repository, lab: CopyLab, ended: Ended, mirrored: boolean): Promise<void> {
  const { root } = lab.release;
  const tagged = await target.resolve('v1').catch(() => undefined);
  if ('outcome' in ended) expect(tagged?.digest).toBe(root.digest);
  else expect([root.digest, mirrored ? undefined : lab.old.digest]).toContain(tagged?.digest);
  if (tagged !== undefined) await tagArtifact(target, tagged, []);
  if (tagged?.digest === root.digest && 'outcome' in ended) await checkWhole(target, lab.release);
}

async function checkWhole(target: Repository, { repository, root, referrers }: Release): Promise<void> {
  for await (const descriptor of repository.contents())
    expect(await fetchBytes(target, descriptor), descriptor.digest).toEqual(await fetchBytes(repository, descriptor));
  const found = [...referrersOf(await discover(target, root))].map(({ node }) => node.descriptor.digest);
  for (const { digest } of referrers) expect(found).toContain(digest);
}

/** Invariant 4: without the fault the same call succeeds and sends what is missing, nothing else. */
async function rerun(lab: CopyLab, ends: { source: Repository; target: Repository }, mirrored: boolean): Promise<void> {
  const { root } = lab.release;
  await lab.source.direct.tag(root, 'v1');
  const reader = mirrored ? ends.target : lab.target.direct;
  const missing = await absent(reader, lab.release);
  const outcome = await copyGraph(ends.source, ends.target, { reference: 'v1' });
  // An upload that was given up may still have been finished by the registry in the meantime.
  expect(outcome.copied.nodes + outcome.mounted.nodes).toBeLessThanOrEqual(missing.length);
  await checkWhole(reader, lab.release);
  expect((await reader.resolve('v1')).digest).toBe(root.digest);
}

async function absent(target: Repository, { repository }: Release): Promise<readonly Descriptor[]> {
  const missing: Descriptor[] = [];
  for await (const descriptor of repository.contents())
    if (!(await target.exists(descriptor))) missing.push(descriptor);
  return missing;
}

/**
 * Invariant 6: a copy that succeeds leaves no upload open at a registry, whatever it went through. Where the answer to the request that
 * opens one is lost, or a failure elsewhere ends that request, nobody knows its name: it expires.
 */
async function checkUploads({ ends, fault }: RegistryCell, { source, target }: CopyLab): Promise<void> {
  if (ends !== 'success' || fault.startsWith('applied')) return;
  const open = (): number => source.registry.openUploads() + target.registry.openUploads();
  await expect.poll(open, { timeout: 20_000 }).toBe(0);
}

/** Invariant 5: no credential reached another origin, nor anyone over plain http. */
function checkCredentials({ source, target, foreign }: CopyLab): void {
  const bare = [...foreign.registry.requests].filter(({ headers }) => headers['authorization'] !== undefined);
  expect(bare).toEqual([]);
  for (const side of [source, target])
    expect(side.registry.requests.filter(({ host }) => host === side.plainHost)).toEqual([]);
}

/** Invariant 7: at most six tries of one request. */
function checkRequests({ source, target }: CopyLab): void {
  for (const side of [source, target]) {
    const tries = countBy(side);
    // Uploads of different blobs begin with the same request; three are under way at a time.
    for (const [request, count] of tries)
      expect(count, request).toBeLessThanOrEqual(request.endsWith('/uploads/') ? 18 : 6);
  }
}

function countBy({ registry }: Side): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { method, path, query, status } of registry.requests) {
    // "Not here" is an answer, and asking again after another try of the upload is another question.
    if ((method === 'HEAD' && status === 404) || (status !== undefined && status < 400)) continue;
    const key = `${method} ${path}${query}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
