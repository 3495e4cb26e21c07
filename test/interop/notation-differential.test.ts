import { utf8 } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vectorTest } from '../vectors.js';
import type { Envelope } from './notation-differential/case.js';
import { type Case, policyOf, target } from './notation-differential/case.js';
import {
  type Circumstances,
  circumstances,
  makeAuthorities,
  makeEnvelopes,
  policyCases,
  vectorEnvelopes,
  vectorPolicies,
} from './notation-differential/cases.js';
import { certificateCases } from './notation-differential/certificates/cases.js';
import { Differential } from './notation-differential/differential.js';
import { type Loopback, serveLoopback } from './notation-differential/loopback.js';
import { createFoundry, type Foundry } from './notation-differential/mutants/foundry.js';
import { oddIdentities } from './notation-differential/mutants/identities.js';
import { compareMutants } from './notation-differential/mutants/run.js';
import { configurationCases } from './notation-differential/program/configurations.js';
import { pluginCases } from './notation-differential/program/plugins.js';
import { layoutCases, referrerCases, tagSchemaCases } from './notation-differential/program/repositories.js';
import { comparePrograms, type ProgramCase } from './notation-differential/program/run.js';
import { createSetup, type Setup } from './notation-differential/program/setup.js';
import { revocationCases } from './notation-differential/revocation/cases.js';
import { allRows } from './notation-differential/rows.js';
import { envelopeCases } from './notation-differential/special/envelopes.js';
import { timestampCases } from './notation-differential/special/timestamps.js';

const differential = new Differential();
const under = (kind: string, envelope: Envelope, around: Circumstances, store = 'lab'): Case => ({
  kind,
  envelope,
  ...around,
  name: `${envelope.name}; ${around.name}`,
  policy: policyOf(store, around.statement),
});

describe('notation-differential', () => {
  let envelopes: readonly Envelope[];

  beforeAll(async () => {
    const { lab, other } = await makeAuthorities();
    envelopes = await makeEnvelopes(lab);
    const leaf = await lab.issueLeaf();
    const every = ['ca', 'signingAuthority', 'tsa'];
    differential.put('lab', [lab.root.certificate], every);
    differential.put('other', [other.root.certificate], every);
    differential.put('intermediate', [lab.issuer.certificate], every);
    differential.put('leaf', [leaf.certificate], every);
    differential.put('con', [lab.root.certificate], every);
    differential.put('texted', [utf8(`a root\n${encodePem('CERTIFICATE', lab.root.certificate)}`)], every);
    differential.put('empty', [], every);
    differential.put('broken', [lab.root.certificate, new TextEncoder().encode('broken')], every);
  });

  test('signatures that keep or break one rule, in every combination', () => {
    const chosen = envelopes.filter(({ name }) => !/byte|cut|empty|, as /.test(name));
    return differential.compare(
      chosen.flatMap((envelope) => circumstances.map((around) => under('circumstances', envelope, around))),
    );
  });

  test('changed envelopes', () => {
    const changed = envelopes.filter(({ name }) => /byte|cut|empty|, as /.test(name));
    const levels = circumstances.filter(({ name }) => ['strict', 'audit'].includes(name));
    return differential.compare(
      changed.flatMap((envelope) => levels.map((around) => under('changed bytes', envelope, around))),
    );
  });

  vectorTest('notary', 'the envelopes of the vectors, with any identity', async () => {
    const any = { trustedIdentities: ['*'] };
    const around: readonly Circumstances[] = [
      { name: 'strict', statement: any },
      { name: 'audit', statement: { ...any, signatureVerification: { level: 'audit' } } },
    ];
    const cases = vectorEnvelopes().flatMap((envelope) => {
      const { anchor, store } = envelope;
      if (anchor !== undefined) differential.put(store, [anchor]);
      const rows = envelope.name.startsWith('jws-pss-salt') ? ['salt of RSASSA-PSS'] : [];
      return around.map((one) => under('vectors', envelope, { ...one, rows }, store));
    });
    await differential.compare(cases);
  });

  const compareDocuments = (documents: ReturnType<typeof policyCases>): Promise<void> => {
    const envelope = envelopes[0] as Envelope;
    const reference = `nowhere.test/x@${target.digest}`;
    return differential.compare(
      documents.map(({ name, document }) => ({ kind: 'policies', name, policy: document, envelope, reference })),
    );
  };

  test('policy documents', () => compareDocuments(policyCases()));

  vectorTest('notary', 'the policy documents of the vectors', () => compareDocuments(vectorPolicies()));

  describe('generated for this comparison', () => {
    let foundry: Foundry;

    beforeAll(async () => {
      foundry = await createFoundry(differential);
    });

    test('certificates', async () => differential.compare(await certificateCases(foundry, differential)));

    test('envelopes', async () => differential.compare(await envelopeCases(foundry)));

    test('timestamps', async () => differential.compare(await timestampCases(foundry)));

    test('identities', async () => differential.compare(await oddIdentities(foundry.signers)));

    test('mutants, signed anew', async () => {
      expect(await compareMutants(differential, foundry, { count: 6000, seed: 1 })).toEqual([]);
    });
  });

  describe('revocation', () => {
    let loopback: Loopback;

    beforeAll(async () => {
      loopback = await serveLoopback();
    });
    afterAll(() => loopback.close());

    test('responders and distribution points on loopback', async () => {
      const cases = await revocationCases(differential, loopback);
      expect(cases.length).toBeGreaterThanOrEqual(300);
      await differential.compare(cases);
    });
  });

  describe('the whole program', () => {
    let api: Setup;
    let tags: Setup;

    beforeAll(async () => {
      api = await createSetup();
      tags = await createSetup({ referrers: 'tag-schema' });
    });
    afterAll(() => Promise.all([api.close(), tags.close()]));

    test.each<[string, () => Promise<readonly ProgramCase[]>]>([
      ['policies and stores in files', () => configurationCases(api)],
      ['plugins', () => pluginCases(api)],
      ['lists of referrers', () => referrerCases(api)],
      ['the tag schema', () => tagSchemaCases(tags)],
      ['layouts on disk', () => layoutCases(api)],
    ])('%s', async (_, make) => {
      expect(await comparePrograms(differential, await make())).toEqual([]);
    });
  });

  test('every row explains a difference, or names the test that shows it', () => {
    process.stdout.write(`\n${differential.ledger.lines().join('\n')}\n\n`);
    const proven = allRows.filter(({ id, shown }) => shown !== undefined || differential.ledger.used.has(id));
    expect(allRows.filter((row) => !proven.includes(row)).map(({ id }) => id)).toEqual([]);
  });
});
