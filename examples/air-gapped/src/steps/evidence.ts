import { decodeBase64, encodeBase64, isJsonArray, isJsonObject, parseJson } from '@notarykit/common';
import type { RecordedAnswer } from '@notarykit/pki';

/** Answers of OCSP responders and CRLs as a file that travels with the artifact. They are signed, so they need no protection on the way. */
export function encodeEvidence(answers: readonly RecordedAnswer[]): string {
  return JSON.stringify(answers.map((each) => ({ ...each, answer: encodeBase64(each.answer) })));
}

/** The answers of such a file. */
export function decodeEvidence(bytes: Uint8Array): readonly RecordedAnswer[] {
  const document = parseJson(bytes);
  if (!isJsonArray(document)) throw new Error('evidence: expected an array');
  return document.map((each) => {
    if (!isJsonObject(each)) throw new Error('evidence: expected objects');
    const { method, url, certId, answer } = each;
    if ((method !== 'ocsp' && method !== 'crl') || typeof url !== 'string' || typeof answer !== 'string')
      throw new Error('evidence: expected method, url and answer');
    const recorded = { method, url, answer: decodeBase64(answer) } as const;
    return typeof certId === 'string' ? { ...recorded, certId } : recorded;
  });
}
