import { isCostly, prepareKey } from '#crypto';
import type { PublicKey } from '../crypto/public-key.js';
import { answerRaw, type VerifyRawRequest } from '../crypto/verify-raw.js';
import type { Certificate } from './certificate.js';
import { answerIssued, rememberedAnswer } from './verify.js';

/** A signature to be checked: of a certificate by its issuer's key, as `verifyCertificateSignature` does, or as `verifyRaw` is asked. */
export type SignatureQuestion = { readonly certificate: Certificate; readonly issuer: Certificate } | VerifyRawRequest;

/** Calls of {@link verifySignatures} that have not ended. */
let underWay = 0;

/**
 * Checks signatures at the same time, and answers in the order of the questions when all are done: the work is bounded by the number of
 * questions. It never rejects: a check that failed has its reason as an answer.
 *
 * On Node all costly checks but one (P-384, P-521, RSA beyond 4096 bits) run in the thread pool, as far as it has room, the others in this
 * thread. A switch of threads costs 30 to 70 microseconds of processor time, so that a caller who is alone gets its answers sooner; with
 * several callers at once this thread always has work, and does all of it. Elsewhere WebCrypto decides.
 */
export async function verifySignatures(
  questions: readonly SignatureQuestion[],
): Promise<readonly PromiseSettledResult<boolean>[]> {
  underWay++;
  try {
    return await Promise.allSettled(await begin(questions));
  } finally {
    underWay--;
  }
}

async function begin(questions: readonly SignatureQuestion[]): Promise<readonly Promise<boolean>[]> {
  const answers: Promise<boolean>[] = [];
  let costly = questions.filter(isCostlyQuestion).length;
  // Begun from the last to the first: authorities have the costly keys, and this thread has something to do while they are used.
  for (const question of [...questions].reverse()) {
    const elsewhere = isCostlyQuestion(question) && --costly > 0 && underWay === 1;
    const ready = isRemembered(question) ? undefined : prepareKey(keyOf(question));
    if (ready !== undefined) await ready;
    const answer = ask(question, elsewhere);
    // All are awaited together, so that an early failure is not an unhandled rejection.
    answer.catch(() => undefined);
    answers.unshift(answer);
  }
  return answers;
}

function ask(question: SignatureQuestion, elsewhere: boolean): Promise<boolean> {
  return 'issuer' in question
    ? answerIssued(question.certificate, question.issuer, elsewhere)
    : answerRaw(question, elsewhere);
}

function keyOf(question: SignatureQuestion): PublicKey {
  return 'issuer' in question ? question.issuer.publicKey : question.publicKey;
}

function isRemembered(question: SignatureQuestion): boolean {
  return 'issuer' in question && rememberedAnswer(question.certificate, question.issuer) !== undefined;
}

function isCostlyQuestion(question: SignatureQuestion): boolean {
  return isCostly(keyOf(question)) && !isRemembered(question);
}
