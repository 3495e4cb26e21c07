import type { Fetch } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import {
  createRevocationChecker,
  offlineRevocationChecker,
  type RecordedAnswer,
  type RevocationChecker,
  recordingRevocationChecker,
} from '@notarykit/pki';
import { buildCrl } from '@notarykit/testing';
import { type SignatureReport, verifySignature } from '@notarykit/trust-policy';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLab, type Lab, type Signed, statement } from './lab.js';

const crls = { leaf: 'http://crl.example.com/leaf.crl', intermediate: 'http://crl.example.com/root.crl' };
const recordedAt = new Date('2026-01-01T00:00:00Z');
const nextUpdate = new Date('2026-01-08T00:00:00Z');
const strict = { signatureVerification: { level: 'strict' } };

let lab: Lab;
let signed: Signed;
let answers: readonly RecordedAnswer[];

async function serve(): Promise<Fetch> {
  const { root, issuer } = lab.authority;
  const bodies = new Map([
    [crls.leaf, await buildCrl(issuer, { thisUpdate: recordedAt, nextUpdate })],
    [crls.intermediate, await buildCrl(root, { thisUpdate: recordedAt, nextUpdate })],
  ]);
  return async (url) => {
    const body = bodies.get(url);
    return {
      status: body === undefined ? 404 : 200,
      url,
      headers: { get: () => null },
      body: body === undefined ? null : streamOf(body),
    };
  };
}

const refused: Fetch = () => Promise.reject(new TypeError('the network is closed'));

async function judge(revocation: RevocationChecker, now: Date, at?: Date): Promise<SignatureReport> {
  const { report } = await verifySignature(signed.envelope, {
    mediaType: signed.mediaType,
    statement: statement(strict),
    trustStore: lab.anchors,
    target: lab.artifact,
    revocation,
    now,
    ...(at === undefined ? {} : { at }),
  });
  return report;
}

const revocationOf = ({ validations }: SignatureReport) =>
  validations.find(({ validation }) => validation === 'revocation');

beforeAll(async () => {
  lab = await createLab({ crlUrls: [crls.leaf] });
  const ca = await lab.authority.issueCa({
    issuer: lab.authority.root,
    crlUrls: [crls.intermediate],
    keyPair: lab.authority.issuer.keyPair,
  });
  const leaf = await lab.authority.issueLeaf({ issuer: ca });
  signed = await lab.sign({ signer: leaf.signer, now: recordedAt });
  const issuer = ca;
  const { root } = lab.authority;
  Object.assign(lab, { authority: { ...lab.authority, root, issuer } });
  const checker = recordingRevocationChecker({ fetch: await serve() });
  expect((await judge(checker, recordedAt)).verdict).toBe('trusted');
  answers = checker.answers;
});

describe('recorded evidence', () => {
  beforeEach(() => void vi.stubGlobal('fetch', refused));
  afterEach(() => void vi.unstubAllGlobals());

  it('strict verification passes with all network refused, and says how old the evidence is', async () => {
    const report = await judge(offlineRevocationChecker({ answers }), new Date('2026-01-03T00:00:00Z'));
    expect(report.verdict).toBe('trusted');
    expect(revocationOf(report)?.evidence).toMatchObject([
      { status: 'good', ageSeconds: 2 * 86400 },
      { status: 'good', ageSeconds: 2 * 86400 },
      { status: 'notRevocable' },
    ]);
    expect(revocationOf(report)?.message).toContain('up to 2 days old');
    expect(report.validUntil).toMatchObject({ time: '2026-01-08T00:00:01Z', reason: 'revocationEvidence' });
  });

  it('without it, strict verification fails', async () => {
    const report = await judge(createRevocationChecker({ fetch: refused }), recordedAt);
    expect(revocationOf(report)).toMatchObject({
      result: 'failed',
      fact: { fact: 'revocationUnavailable', attempts: [{ method: 'crl', url: crls.leaf }] },
    });
  });

  it('R19 recorded answers are judged like fresh ones: out of date, or of another issuer', async () => {
    const late = await judge(offlineRevocationChecker({ answers }), new Date('2026-01-09T00:00:00Z'));
    expect(revocationOf(late)).toMatchObject({ fact: { fact: 'revocationUnavailable' } });
    const swapped = answers.map((answer, i) => ({
      ...answer,
      answer: (answers[(i + 1) % answers.length] as RecordedAnswer).answer,
    }));
    expect(revocationOf(await judge(offlineRevocationChecker({ answers: swapped }), recordedAt))).toMatchObject({
      result: 'failed',
    });
  });

  it('at: a date is verified with the evidence of that date, never silently with that of today', async () => {
    const offline = offlineRevocationChecker({ answers });
    const today = new Date('2027-01-01T00:00:00Z');
    expect((await judge(offline, today, new Date('2026-01-03T00:00:00Z'))).verdict).toBe('trusted');
    expect((await judge(offline, today)).verdict).toBe('undecided');
    const before = await judge(offline, today, new Date('2025-12-30T00:00:00Z'));
    expect(revocationOf(before)).toMatchObject({ fact: { fact: 'revocationUnavailable' } });
  });
});
