import { copyBytes, equalBytes, requireBytes, utf8 } from '@notarykit/common/internal';
import { isSignerErrorReason, type Signer } from '@notarykit/signature-envelope/internal';
import type { Case } from './case.js';
import { checkSignature, signAndCheck } from './check-signature.js';
import { demand, endsWithin, outcomeOf } from './demand.js';
import type { SignerConformanceOptions } from './options.js';
import { watchListeners, watchRejections, watchSignatures } from './watch.js';

type Spec = SignerConformanceOptions['keySpec'];

/** A key spec that is not the signer's. */
export const otherSpec = (keySpec: Spec): Spec => (keySpec === 'EC-256' ? 'EC-384' : 'EC-256');

/** The cases about how calls begin and end, whatever the key. */
export const callCases: Readonly<Record<string, Case>> = {
  'signs nothing, much, and a part of a buffer': async (signer, { keySpec }) => {
    const whole = new Uint8Array(1000).fill(9);
    // An envelope is never empty, so that a service may refuse that; but as one refuses.
    const empty = await outcomeOf(() => signAndCheck(signer, keySpec, new Uint8Array()));
    demand(
      empty.ok || isSignerError(empty.error),
      `an empty payload ends in ${textOf(empty.error)}: sign it, or reject with a SignerError`,
    );
    for (const payload of [new Uint8Array(3 * 1024 * 1024).fill(5), whole.subarray(100, 200)]) {
      const { ok, error } = await outcomeOf(() => signAndCheck(signer, keySpec, payload));
      demand(
        ok,
        `a payload of ${payload.length} bytes is not signed (${textOf(error)}): hash what is given, whatever its length`,
      );
    }
    const view = await signer.sign(Object.freeze({ payload: whole.subarray(100, 200), keySpec }));
    const again = await outcomeOf(() => checkView(view, keySpec, whole.subarray(100, 200)));
    demand(again.ok, 'the buffer behind the payload is signed: take payload itself, not payload.buffer');
  },
  'gives bytes': async (signer, { keySpec }) => {
    const { signature, certificateChain } = await signer.sign({ payload: utf8('x'), keySpec });
    const described = (await signer.describe()).certificateChain ?? [];
    for (const value of [signature, ...certificateChain, ...described]) {
      const { ok } = await outcomeOf(async () => requireBytes(value, 'it'));
      demand(
        ok,
        'a signature or certificate is not a Uint8Array: decode base64, wrap an ArrayBuffer in new Uint8Array()',
      );
    }
    for (const der of described) der.fill(0);
    const fresh = (await signer.describe()).certificateChain ?? [];
    const kept = fresh.every((der, i) => !equalBytes(der, described[i] ?? new Uint8Array()));
    demand(kept, 'a change to what describe() returned changes the next answer: return copies, der.slice()');
  },
  'K4 describe ends when the caller aborts': async (signer) => {
    const reason = new Error('enough');
    const aborted = signer.describe({ signal: AbortSignal.abort(reason) });
    const before = await promptOutcome(aborted, 'describe() never ends when its signal has aborted');
    demand(!before.ok, 'describe() ignores an aborted signal: call signal.throwIfAborted()');
    demand(before.error === reason, 'describe() loses the reason of the abort: reject with signal.reason');
    const controller = new AbortController();
    const lost = await watchRejections(async () => {
      const ended = endsWithin(signer.describe({ signal: controller.signal }), 1000);
      controller.abort(reason);
      demand(await ended, 'describe() goes on for a second after an abort: pass the signal to the service');
    });
    demand(lost.length === 0, 'after an abort of describe() an unhandled rejection is left');
  },
  'K4 an abort keeps its reason': async (signer, { keySpec }) => {
    const reason = new Error('enough');
    const request = { payload: utf8('x'), keySpec, signal: AbortSignal.abort(reason) };
    const { error } = await promptOutcome(signer.sign(request), 'sign() never ends when its signal has aborted');
    demand(error === reason, 'sign() loses the reason of the abort: reject with signal.reason, not with its own error');
  },
  'K4 leaves no listener behind': async (signer, { keySpec }) => {
    const { signal } = new AbortController();
    const left = watchListeners(signal);
    for (let i = 0; i < 5; i++) {
      // What a call ends with is another case's.
      await outcomeOf(() => signer.describe({ signal }));
      await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec, signal }));
      await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec: otherSpec(keySpec), signal }));
    }
    demand(
      left() < 5,
      'every call leaves a listener at the signal: remove it when the call has ended, or give on AbortSignal.any([signal])',
    );
  },
  'K3 fails with a SignerError': async (signer, { keySpec }) => {
    const { error } = await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec: otherSpec(keySpec) }));
    const { retryable, code } = (error ?? {}) as Record<'retryable' | 'code', unknown>;
    demand(
      isSignerError(error),
      `sign() rejects with ${textOf(error)}, which has no reason: reject with a SignerError`,
    );
    demand(
      retryable === false && typeof code === 'string',
      'a request for another key spec may not be tried again: a SignerError with reason "wrong-key-usage"',
    );
  },
  'goes on after a failure and after an abort': async (signer, { keySpec }) => {
    await signAndCheck(signer, keySpec, utf8('before'));
    await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec: otherSpec(keySpec) }));
    const failed = await outcomeOf(() => signAndCheck(signer, keySpec, utf8('after a failure')));
    demand(failed.ok, `after one failure nothing is signed any more (${textOf(failed.error)}): keep no failed state`);
    const controller = new AbortController();
    const signal = AbortSignal.abort(new Error('enough'));
    const request = signer.sign({ payload: utf8('x'), keySpec, signal });
    await promptOutcome(request, 'sign() never ends when its signal has aborted');
    await signer.sign({ payload: utf8('x'), keySpec, signal: controller.signal }).catch(() => undefined);
    controller.abort(new Error('too late'));
    const aborted = await outcomeOf(() => signAndCheck(signer, keySpec, utf8('after an abort')));
    demand(aborted.ok, `after an abort nothing is signed any more (${textOf(aborted.error)}): keep no aborted state`);
  },
  'signs only when it is asked to': async (signer, { signed }) => {
    const before = signed?.() ?? 0;
    const seen = await watchSignatures(() => signer.describe());
    demand(
      seen === 0 && (signed?.() ?? 0) === before,
      'describe() makes a signature: read the key spec from the public key or the certificate',
    );
  },
};

/** What a call ended with that must end at once. */
async function promptOutcome(work: Promise<unknown>, message: string): ReturnType<typeof outcomeOf> {
  const outcome = outcomeOf(() => work);
  demand(await endsWithin(outcome, 1000), message);
  return outcome;
}

async function checkView(
  { signature, certificateChain }: Awaited<ReturnType<Signer['sign']>>,
  keySpec: Spec,
  payload: Uint8Array,
): Promise<void> {
  await checkSignature({ signature, certificateChain, keySpec, payload: copyBytes(payload) });
}

/** By its shape: a signer may come with a copy of its own of the class. */
function isSignerError(error: unknown): boolean {
  const { reason } = (error ?? {}) as { reason?: unknown };
  return error instanceof Error && typeof reason === 'string' && isSignerErrorReason(reason);
}

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
