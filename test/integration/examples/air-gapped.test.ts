import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBundle, unpackBundle } from '../../../examples/air-gapped/src/steps/bundle.js';
import { trustInside, unpackParcel } from '../../../examples/air-gapped/src/steps/inside.js';
import { packParcel } from '../../../examples/air-gapped/src/steps/outside.js';
import { createSetup } from '../../../examples/air-gapped/src/steps/setup.js';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

const day = 24 * 60 * 60 * 1000;

it('the program runs', async () => {
  const program = await bundle('examples/air-gapped/src/main.ts');
  const { code, stdout, stderr } = await runProgram(program.path);
  await program.remove();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    'verdict: inside.test/net-monitor:v1 is trusted with 2 referrers, without a network',
  );
});

describe('inside, verification fails', () => {
  let folder: string;
  let parcel: { archive: string; evidence: string };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notarykit-air-gap-'));
    parcel = { archive: join(folder, 'a.tar'), evidence: join(folder, 'evidence.json') };
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function pack() {
    const setup = await createSetup();
    await packParcel(setup.outside, 'v1', parcel, setup.trust, setup.fetchOutside);
    return setup;
  }

  it('without revocation evidence', async () => {
    const { outside, inside, trust } = await pack();
    await writeFile(parcel.evidence, '[]');
    const offline = await trustInside(parcel, trust);
    await expect(unpackParcel(parcel, inside, 'v1', { name: outside.name, trust: offline })).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
    await expect(inside.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  it('of a bundle whose evidence is too old, unless it is verified as of its date', async () => {
    const { outside, inside, trust, fetchOutside } = await createSetup();
    await packBundle(outside, 'v1', parcel.archive, trust, fetchOutside);
    const reference = `${outside.name}:v1`;
    const then = new Date();
    const late = { ...trust, now: new Date(Date.now() + 32 * day) };
    await expect(unpackBundle(parcel.archive, inside, reference, late)).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
    await expect(inside.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    const [artifact] = await unpackBundle(parcel.archive, inside, reference, late, then);
    expect((await inside.resolve('v1')).digest).toBe(artifact?.verdict.digest);
  });

  it('with outdated revocation evidence', async () => {
    const { outside, inside, trust } = await pack();
    const offline = { ...(await trustInside(parcel, trust)), now: new Date(Date.now() + 31 * day) };
    await expect(unpackParcel(parcel, inside, 'v1', { name: outside.name, trust: offline })).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
  });

  it('with a modified tar', async () => {
    const { outside, inside, trust } = await pack();
    const tar = await readFile(parcel.archive, 'latin1');
    await writeFile(
      parcel.archive,
      tar.replace('application/vnd.wabbit.net-monitor', 'application/vnd.wabbit.net-minotor'),
      'latin1',
    );
    const offline = await trustInside(parcel, trust);
    await expect(unpackParcel(parcel, inside, 'v1', { name: outside.name, trust: offline })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_/),
    });
    await expect(inside.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });
});
