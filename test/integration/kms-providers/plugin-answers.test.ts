import { parsePem } from '@notarykit/pki';
import type { Issued } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createHostileLab,
  expectRefused,
  failureOf,
  type HostileLab,
  target,
} from '../../support/plugin/hostile-lab.js';

let lab: HostileLab;
beforeAll(async () => {
  lab = await createHostileLab();
});
afterAll(() => lab.close());

const base64Chain = ({ pem }: Issued): string =>
  JSON.stringify(parsePem(pem).map(({ der }) => Buffer.from(der).toString('base64')));

describe('what a plugin signs', () => {
  it('K7 accepts a valid signature, EC in either encoding', async () => {
    await lab.install();
    const { verified } = await lab.signRaw({}, { metadata: { build: '17' } });
    expect(verified.targetArtifact).toEqual({ ...target, annotations: { build: '17' } });
    await lab.install(
      `change('generate-signature', () => ({ signature: crypto.sign('sha256', payload(), key).toString('base64') }));`,
    );
    await lab.signRaw();
  });

  it.each<[string, RegExp, string]>([
    ['describes another key', /answers about "other"/, `change('describe-key', () => ({ keyId: 'other' }));`],
    ['signs with another key id', /answers about "other"/, `change('generate-signature', () => ({ keyId: 'other' }));`],
    ['names no key', /answers about/, `change('generate-signature', () => ({ keyId: undefined }));`],
    [
      'signs with another algorithm',
      /expected algorithm ECDSA-SHA-256/,
      `change('generate-signature', () => ({ signingAlgorithm: 'ECDSA-SHA-384' }));`,
    ],
    [
      'gives a broken signature',
      /does not match the key of the leaf certificate/,
      `change('generate-signature', ({ signature }) => { const s = Buffer.from(signature, 'base64'); s[9] ^= 1; return { signature: s.toString('base64') }; });`,
    ],
    [
      'signs something else',
      /does not match the key of the leaf certificate/,
      `change('generate-signature', () => ({ signature: sign(Buffer.from('something else')).toString('base64') }));`,
    ],
    [
      'signs with another hash',
      /does not match the key of the leaf certificate/,
      `change('generate-signature', () => ({ signature: crypto.sign('sha384', payload(), { key, dsaEncoding: 'ieee-p1363' }).toString('base64') }));`,
    ],
    [
      'gives a signature cut short',
      /does not match the key of the leaf certificate/,
      `change('generate-signature', ({ signature }) => ({ signature: signature.slice(0, 40) }));`,
    ],
    ['gives no signature', /expected signature in base64/, `change('generate-signature', () => ({ signature: '' }));`],
    ['gives a number', /expected signature in base64/, `change('generate-signature', () => ({ signature: 1 }));`],
    [
      'gives a signature in base64url',
      /expected signature in base64/,
      `change('generate-signature', () => ({ signature: '_-8' }));`,
    ],
    ['gives no chain', /no certificate chain/, `change('generate-signature', () => ({ certificateChain: [] }));`],
    [
      'gives an endless chain',
      /at most 10 certificates/,
      `change('generate-signature', () => ({ certificateChain: Array(11).fill(chain[0]) }));`,
    ],
    [
      'gives a leaf that is none',
      /leaf certificate/,
      `change('generate-signature', () => ({ certificateChain: ['AAAA'] }));`,
    ],
  ])('K7 it %s', async (_, why, change) => {
    await lab.install(change);
    await expectRefused(() => lab.signRaw(), why);
  });

  it('K7 it gives the chain of another key', async () => {
    await lab.install(`change('generate-signature', () => ({ certificateChain: ${base64Chain(lab.other)} }));`);
    await expectRefused(() => lab.signRaw(), /does not match the key of the leaf certificate/);
    await lab.install(`change('generate-signature', () => ({ certificateChain: ${base64Chain(lab.rsa)} }));`);
    await expectRefused(() => lab.signRaw(), /key of RSA-2048/);
    await lab.install(`change('generate-signature', () => ({ certificateChain: chain.slice(0, 1) }));`);
    expect((await failureOf(() => lab.signRaw())).reason).toBe('chain-mismatch');
  });

  it('K7 it describes a key that may not sign', async () => {
    await lab.install(`change('describe-key', () => ({ keySpec: 'RSA-1024' }));`);
    expect((await failureOf(() => lab.signRaw())).reason).toBe('unsupported-key');
  });

  it('K7 accepts a valid envelope, also with more annotations', async () => {
    await lab.install();
    const { verified } = await lab.signWhole({}, { metadata: { build: '17' } });
    expect(verified.targetArtifact).toEqual({ ...target, annotations: { build: '17' } });
    await lab.install(
      `answers['generate-envelope'] = () => {
         const more = JSON.parse(payload());
         more.targetArtifact.annotations = { added: 'yes' };
         return { ...jws(JSON.stringify(more)), annotations: { n: '1' } };
       };`,
    );
    const { annotations } = await lab.signWhole();
    expect(annotations).toEqual({ n: '1' });
  });

  const changed = (edit: string): string =>
    `const made = asked.payload && JSON.parse(payload()); answers['generate-envelope'] = () => { const target = made.targetArtifact; ${edit}; return jws(JSON.stringify(made)); };`;
  it.each<[string, RegExp, string]>([
    ['of another digest', /digest/, changed(`target.digest = target.digest.replace('aa', 'bb')`)],
    ['of another size', /size/, changed('target.size++')],
    ['of another media type', /mediaType/, changed(`target.mediaType = 'text/plain'`)],
    ['without the metadata', /lacks the annotation "build"/, changed('delete target.annotations')],
    ['with other metadata', /lacks the annotation "build"/, changed(`target.annotations.build = '18'`)],
    ['with an unknown member', /unknown member "more"/, changed('made.more = 1')],
    ['with an unknown member of the descriptor', /unknown member "more"/, changed('target.more = 1')],
    [
      'of another type',
      /expected an envelope of application\/jose\+json/,
      `change('generate-envelope', () => ({ signatureEnvelopeType: 'application/cose' }));`,
    ],
    [
      'in no base64',
      /signatureEnvelope in base64/,
      `change('generate-envelope', () => ({ signatureEnvelope: '{}' }));`,
    ],
    ['that is none', /not asked for/, `change('generate-envelope', () => ({ signatureEnvelope: 'e30=' }));`],
    [
      'of another content type',
      /content type|cty/,
      `answers['generate-envelope'] = () => jws(payload().toString(), { cty: 'text/plain' });`,
    ],
    [
      'with a critical header of its own',
      /crit|x-new/,
      `answers['generate-envelope'] = () => jws(payload().toString(), { crit: [...header.crit, 'x-new'] });`,
    ],
    ['signed by another key', /not asked for/, `chain.splice(0, 9, ...CHAIN_OF_ANOTHER_KEY);`],
    [
      'with annotations that are not texts',
      /plugin .*expected annotation "a" to be a string/,
      `change('generate-envelope', () => ({ annotations: { a: 1 } }));`,
    ],
    [
      'with annotations that are a list',
      /annotations to be an object/,
      `change('generate-envelope', () => ({ annotations: [] }));`,
    ],
  ])('K7 it makes an envelope %s', async (_, why, change) => {
    await lab.install(change.replace('CHAIN_OF_ANOTHER_KEY', base64Chain(lab.other)));
    await expectRefused(() => lab.signWhole({}, { metadata: { build: '17' } }), why);
  });
});
