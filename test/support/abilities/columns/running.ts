import { utf8 } from '@notarykit/common';
import { describe } from '@notarykit/oci';
import { isNotFound } from '@notarykit/oci/internal';
import { createRegistry, type ProgressEvent } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import type { JudgedSignature } from '@notarykit/trust-policy/internal';
import { attach, openGraph, publish, sign } from 'notarykit';
import type { PublishProgress, SigningProgress } from 'notarykit/internal';
import { expect } from 'vitest';
import { attachNote, lastTag, type Making, making, ofEachMaker } from '../making.js';
import { places } from '../network.js';
import { plainTrust } from '../policies.js';
import { pushImage, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';
import { onlineTrust } from './transport.js';

/** Registry and timestamping service are asked through the given transport: there is no other way to their names. */
const through =
  (run: Making): Call =>
  async (setup) => {
    const { repository, timestamping } = setup.network;
    const image = await pushImage(setup.repository, setup.unique());
    const ordered = { setup, repository, image, signing: timestamping, trust: onlineTrust(setup) };
    const seen = await setup.network.asked(() => run(ordered));
    expect(seen).toContain(`PUT http://${places.registry}/v2/team/app/manifests/`);
    expect(seen).toContain(`POST http://${places.pki}/tsa`);
  };

/** A signer that gives up as soon as it is asked. */
function givingUp(setup: Setup, reason: Error): { readonly signer: Signer; readonly signal: AbortSignal } {
  const giving = new AbortController();
  const sign: Signer['sign'] = (request) => {
    giving.abort(reason);
    return setup.vendor.sign(request);
  };
  return { signer: { describe: (call) => setup.vendor.describe(call), sign }, signal: giving.signal };
}

/** Given up before it begins, and while the key is asked, it rejects with the reason: nothing is signed, and no tag is set. */
const stops =
  (run: Making): Call =>
  async (setup) => {
    const { repository } = setup;
    const reason = new Error('given up');
    const image = await pushImage(repository, setup.unique());
    const ordered = { setup, repository, image };
    await expect(run({ ...ordered, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const { signer, signal } = givingUp(setup, reason);
    await expect(run({ ...ordered, signing: { signer }, signal })).rejects.toBe(reason);
    await expect(repository.resolve(lastTag(ordered))).rejects.toSatisfy(isNotFound);
    await expectUnsigned(setup, image);
  };

/** Neither the image nor what is attached to it has a signature. */
async function expectUnsigned({ repository }: Setup, image: Parameters<Setup['repository']['referrers']>[0]) {
  for await (const { artifactType, descriptor } of attachedTo(repository, image)) {
    expect(artifactType).toBe('application/vnd.abilities.note');
    for await (const signature of attachedTo(repository, descriptor)) expect(signature).toBeUndefined();
  }
}

async function* attachedTo(repository: Setup['repository'], subject: Parameters<Setup['repository']['referrers']>[0]) {
  for await (const found of openGraph(repository).referrers(subject)) if (found.kind === 'referrer') yield found;
}

/** Each signature is told when it is there. */
const tells =
  (run: Making): Call =>
  async (setup) => {
    const { repository } = setup;
    const reported: SigningProgress[] = [];
    const image = await pushImage(repository, setup.unique());
    const signing = { onProgress: (progress: SigningProgress) => void reported.push(progress) };
    const made = await run({ setup, repository, image, signing });
    expect(reported).toMatchObject([{ done: 1, total: 1, signed: { subject: { digest: made.digest } } }]);
    for (const { signed } of reported) expect(await repository.exists(signed.signature)).toBe(true);
  };

/** One event for the index and one for its platform. */
const signingTells: Call = async (setup) => {
  await tells(making.sign)(setup);
  const reported: string[] = [];
  const image = await pushImage(setup.repository, setup.unique());
  const onProgress = ({ done, total }: SigningProgress): void => void reported.push(`${done}/${total}`);
  await sign(setup.repository, image, { signer: setup.vendor, platforms: 'both', onProgress });
  expect(reported).toEqual(['1/2', '2/2']);
};

const publishingTells: Call = async (setup) => {
  await tells(making.publish)(setup);
  const { repository, vendor: signer } = setup;
  const image = await pushImage(repository, setup.unique());
  const reported: string[] = [];
  const onProgress = ({ phase }: PublishProgress): void => void reported.push(phase);
  const file = { name: 'a.txt', mediaType: 'text/plain', content: new Uint8Array([1]) };
  const attach = [{ artifactType: 'application/vnd.abilities.note', files: [file] }];
  await publish(repository, { push: async () => image, sign: { signer }, attach, tag: lastTag({ image }), onProgress });
  expect(reported).toEqual(['push', 'sign', 'attach', 'assert', 'tag', 'done']);
};

/** The registry tells how much of a layer that is read piece by piece is written. */
const attachingTells: Call = async (setup) => {
  const reported: ProgressEvent[] = [];
  const onProgress = (event: ProgressEvent): void => void reported.push(event);
  const repository = createRegistry({ registry: setup.host, onProgress }).repository('team/app');
  const bytes = utf8(setup.unique());
  const descriptor = describe('text/plain', bytes);
  const layers = [{ descriptor, content: () => new Blob([bytes]).stream() }];
  await attach(repository, setup.images.once, { artifactType: 'application/vnd.abilities.note', layers });
  const { digest, size: total } = descriptor;
  expect(reported).toContainEqual(expect.objectContaining({ type: 'upload', digest, bytes: total, total }));
};

const attestingTells: Call = async (setup) => {
  await tells(making.attestSummary)(setup);
  const reported: JudgedSignature[] = [];
  const trust = { ...plainTrust(setup), onSignature: (judged: JudgedSignature) => void reported.push(judged) };
  const image = setup.images.once;
  await making.attestSummary({ setup, repository: await setup.aside(), image, trust });
  expect(reported).toContainEqual(expect.objectContaining({ subject: image.digest, verdict: 'trusted' }));
};

/** How verbs that write reach their servers, end early, and say how far they are. */
export const runningColumns: readonly Column[] = [
  {
    ability: 'transport',
    cells: {
      ...ofEachMaker(through),
      attach: async (setup) => {
        const { network, images } = setup;
        const ordered = { setup, repository: network.repository, image: images.once };
        expect(await network.asked(() => attachNote(ordered))).toContain(`PUT http://${places.registry}/v2/team/app/`);
      },
    },
  },
  {
    ability: 'abort',
    cells: {
      ...ofEachMaker(stops),
      attach: async (setup) => {
        const [reason, image] = [new Error('given up'), await pushImage(setup.repository, setup.unique())];
        const ordered = { setup, repository: setup.repository, image, signal: AbortSignal.abort(reason) };
        await expect(attachNote(ordered)).rejects.toBe(reason);
        for await (const found of attachedTo(setup.repository, image)) expect(found).toBeUndefined();
      },
    },
  },
  {
    ability: 'progress',
    cells: {
      ...ofEachMaker(tells),
      sign: signingTells,
      publish: publishingTells,
      attestSummary: attestingTells,
      attach: attachingTells,
    },
  },
];
