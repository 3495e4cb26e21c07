import { equalBytes, utf8 } from '@notarykit/common/internal';
import { algorithmOf, checkedSigner, type Signer, signEnvelope } from '@notarykit/signature-envelope/internal';
import { callCases, otherSpec } from './call-cases.js';
import type { Case } from './case.js';
import { checkChain } from './check-chain.js';
import { signAndCheck } from './check-signature.js';
import { demand, endsWithin, outcomeOf } from './demand.js';
import type { SignerConformanceOptions } from './options.js';
import { everythingShownOf, watchRejections, watchTraces } from './watch.js';

/** The cases that hold for every key. */
export const cases: Readonly<Record<string, Case>> = {
  'describes one stable key': async (signer, { keySpec }) => {
    const [first, second] = [await signer.describe(), await signer.describe()];
    demand(
      first.keySpec === keySpec,
      `describe() gives ${first.keySpec}, expected ${keySpec}: keySpecOf(leaf.publicKey)`,
    );
    const stable = first.keySpec === second.keySpec && first.keyId === second.keyId;
    demand(stable, 'describe() changes from call to call: resolve the key and its version once');
  },
  'gives a chain that may sign': async (signer, { keySpec, trustedRoot }) => {
    const { certificateChain: described } = await signer.describe();
    const { certificateChain } = await signer.sign({ payload: utf8('x'), keySpec });
    await checkChain(certificateChain, keySpec, trustedRoot);
    const same = described === undefined || equalLists(described, certificateChain);
    demand(same, 'describe() and sign() give different chains: return the chain of the key version that signs');
    await checkRules(signer, keySpec);
  },
  'signs 1, 4,096, 4,097 bytes and 1 MiB': async (signer, { keySpec }) => {
    for (const length of [1, 4096, 4097, 1024 * 1024])
      await signAndCheck(signer, keySpec, new Uint8Array(length).fill(7));
  },
  'keeps leading zeros': async (signer, { keySpec, signatures }) => {
    const count = signatures ?? (algorithmOf(keySpec).type === 'ec' ? 600 : 4);
    for (let i = 0; i < count; i++) await signAndCheck(signer, keySpec, utf8(`message ${i}`));
  },
  'signs every time anew': async (signer, { keySpec }) => {
    for (const text of ['the same', 'the same', 'another']) await signAndCheck(signer, keySpec, utf8(text));
  },
  'K10 twenty at once, each over its payload': async (signer, { keySpec }) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => signAndCheck(signer, keySpec, utf8(`payload ${i}`))));
  },
  'leaves the payload alone and gives copies': async (signer, { keySpec }) => {
    const payload = utf8('unchanged');
    const first = await signer.sign({ payload, keySpec });
    demand(equalBytes(payload, utf8('unchanged')), 'sign() changes the payload: work on a copy, payload.slice()');
    first.signature.fill(0);
    for (const der of first.certificateChain) der.fill(0);
    const again = await outcomeOf(() => signAndCheck(signer, keySpec, payload));
    demand(again.ok, 'a change to what sign() returned changes the next answer: return copies, der.slice()');
  },
  'refuses another key spec': async (signer, { keySpec }) => {
    const other = keySpec === 'EC-256' ? 'EC-384' : 'EC-256';
    const { ok } = await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec: other }));
    demand(!ok, `sign() accepts key spec ${other}: reject a request that is not for ${keySpec}`);
  },
  'K4 ends when the caller aborts': async (signer, { keySpec }) => {
    const lost = await watchRejections(() => abortTwice(signer, keySpec));
    demand(
      lost.length === 0,
      `after an abort an unhandled rejection is left (${String(lost[0])}): await every promise that sign() starts`,
    );
  },
  'writes nothing': async (signer, { keySpec }) => {
    const { output, environment, listeners } = await watchTraces(async () => {
      await signer.describe();
      await signer.sign({ payload: utf8('x'), keySpec });
      // A failure is not a reason to write either.
      await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec: otherSpec(keySpec) }));
    });
    demand(output.length === 0, `the signer writes with ${output.join(', ')}: leave reporting to the caller`);
    demand(environment.length === 0, `the signer sets ${environment.join(', ')}: leave the environment alone`);
    demand(
      listeners.length === 0,
      `the signer listens for ${listeners.join(', ')} of the process: leave events to the caller`,
    );
  },
  'shows no secret': async (signer, options) => {
    const { keySpec } = options;
    await signer.sign({ payload: utf8('x'), keySpec });
    checkShown(signer, 'the signer', options);
    const aborted = AbortSignal.abort(new Error('enough'));
    const other = keySpec === 'EC-256' ? 'EC-384' : 'EC-256';
    for (const request of [{ keySpec: other }, { keySpec, signal: aborted }] as const) {
      const { error } = await outcomeOf(() => signer.sign({ payload: utf8('x'), ...request }));
      checkShown(error, 'an error', options);
    }
  },
  'signs envelopes in both formats': async (signer) => {
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const target = { mediaType, digest: `sha256:${'a'.repeat(64)}`, size: 1 };
    for (const format of ['jws', 'cose'] as const) {
      const { ok, error } = await outcomeOf(() => signEnvelope(target, { signer, format }));
      const why = String((error as Error | undefined)?.message);
      demand(ok, `no ${format} envelope can be signed (${why}): sign the bytes as they are, they need not be text`);
    }
  },
  ...callCases,
};

async function abortTwice(signer: Signer, keySpec: SignerConformanceOptions['keySpec']): Promise<void> {
  const signal = AbortSignal.abort(new Error('enough'));
  const { ok } = await outcomeOf(() => signer.sign({ payload: utf8('x'), keySpec, signal }));
  demand(!ok, 'sign() ignores an aborted signal: call signal.throwIfAborted() and pass the signal on');
  const controller = new AbortController();
  const running = signer.sign({ payload: utf8('x'), keySpec, signal: controller.signal });
  const ended = endsWithin(running, 1000);
  controller.abort(new Error('enough'));
  demand(await ended, 'sign() goes on for a second after an abort: pass the signal to the service');
}

/** @throws when a secret can be seen */
export function checkShown(value: unknown, what: string, { secrets = [] }: SignerConformanceOptions): void {
  const shown = everythingShownOf(value);
  const named = /-----BEGIN [A-Z ]*PRIVATE KEY|["']?\b(pin|token|password|passphrase|secret)["']?: *["'][^"']/i.test(
    shown,
  );
  const listed = secrets.some((secret) => shown.includes(secret));
  demand(
    !named && !listed,
    `${what} shows a secret when it is printed: keep keys, tokens and PINs in a closure or a #private field, out of errors too`,
  );
}

const equalLists = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((der, i) => equalBytes(der, b[i] as Uint8Array));

/** What rules there are for chains. A signature that is wrong is checked by other cases, and reported only by them. */
async function checkRules(signer: Signer, keySpec: SignerConformanceOptions['keySpec']): Promise<void> {
  const { error, ok } = await outcomeOf(() => checkedSigner(signer).sign({ payload: utf8('x'), keySpec }));
  const { reason } = (error ?? {}) as { reason?: unknown };
  if (!ok && reason !== 'bad-signature' && reason !== 'bad-signature-encoding') throw error;
}
