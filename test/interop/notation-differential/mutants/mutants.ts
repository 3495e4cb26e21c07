import { type Bytes, utf8 } from '@notarykit/common';
import type { Issued } from '@notarykit/testing';
import { forgeCose } from '../../../forge/cose.js';
import { everyNode } from '../../../forge/der-tree.js';
import { writeJson } from '../../../forge/json-tree.js';
import { forgeJws, goodPayload } from '../../../forge/jws.js';
import { digestAnew, exchangeCertificate, openToken, resignCertificate, resignToken } from '../../../forge/resign.js';
import { type Choices, createChoices } from '../../support/random.js';
import { type Case, coseType, jwsType, policyOf } from '../case.js';
import type { Differential } from '../differential.js';
import { changeEntries } from './cbor.js';
import { changeDer } from './der.js';
import { type Foundry, tbsOf, withToken } from './foundry.js';
import { identityCase } from './identities.js';
import { changedTree } from './json.js';

type Made = Omit<Case, 'kind' | 'name'>;
type Kind = (foundry: Foundry, choices: Choices, differential: Differential, seed: number) => Promise<Made>;

const levels = ['strict', 'strict', 'permissive', 'audit'] as const;

const made = (bytes: Uint8Array, mediaType: string, policy: object | string): Made => ({
  policy,
  envelope: { name: '', bytes, mediaType },
});

function anyLevel({ one }: Choices, store = 'mutants', more: object = {}): object {
  return policyOf(store, { signatureVerification: { level: one(levels) }, ...more });
}

const kinds: Readonly<Record<string, Kind>> = {
  'JWS header': async ({ leaf }, choices) =>
    made(
      await forgeJws(leaf, { protected: (header) => writeJson(changedTree(header, choices)) }),
      jwsType,
      anyLevel(choices),
    ),
  'JWS document': async ({ leaf }, choices) =>
    made(
      await forgeJws(leaf, { members: (members) => writeJson(changedTree(members, choices)) }),
      jwsType,
      anyLevel(choices),
    ),
  'payload, JWS': async ({ leaf }, choices) =>
    made(await forgeJws(leaf, { payload: payload(choices) }), jwsType, anyLevel(choices)),
  'payload, COSE': async ({ leaf }, choices) =>
    made(await forgeCose(leaf, { payload: utf8(payload(choices)) }), coseType, anyLevel(choices)),
  'COSE protected': async ({ leaf }, choices) =>
    made(
      await forgeCose(leaf, { protected: (entries) => changeEntries(entries, choices) }),
      coseType,
      anyLevel(choices),
    ),
  'COSE unprotected': async ({ leaf }, choices) =>
    made(
      await forgeCose(leaf, { unprotected: (entries) => changeEntries(entries, choices) }),
      coseType,
      anyLevel(choices),
    ),
  'COSE message': async ({ leaf }, choices) => made(await coseMessage(leaf, choices), coseType, anyLevel(choices)),
  'certificate of the signer': (foundry, choices, differential, seed) =>
    changedChain(foundry, choices, 0, differential, seed),
  'certificate of a CA': (foundry, choices, differential, seed) =>
    changedChain(foundry, choices, 1, differential, seed),
  'certificate of a root': (foundry, choices, differential, seed) =>
    changedChain(foundry, choices, 2, differential, seed),
  'timestamp token': stampedBy,
  'certificate of a TSA': stampedByChanged,
  identity: async ({ signers }, choices) => identityCase(choices.one(signers), choices),
  policy: async ({ leaf }, choices) =>
    made(await forgeJws(leaf), jwsType, writeJson(changedTree(anyLevel(choices), choices))),
};

export const mutantKinds: readonly string[] = Object.keys(kinds);

/** The mutant of a seed: the same seed makes the same change, by fresh keys. */
export async function mutantOf(seed: number, foundry: Foundry, differential: Differential): Promise<Case> {
  const kind = mutantKinds[seed % mutantKinds.length] as string;
  const rest = await (kinds[kind] as Kind)(foundry, createChoices(seed), differential, seed);
  return { kind, name: `seed ${seed}: ${kind}`, ...rest };
}

function payload(choices: Choices): string {
  return writeJson(changedTree(JSON.parse(goodPayload.replace('}}', ',"annotations":{"a":"b"}},"more":1}')), choices));
}

function coseMessage(leaf: Issued, { one, below, chance }: Choices): Promise<Bytes> {
  const flip = (bytes: Uint8Array): Uint8Array => {
    const at = chance(0.5) ? below(Math.min(bytes.length, 24)) : below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << below(8));
    return bytes;
  };
  const message = (elements: readonly Bytes[]): Uint8Array => {
    const list = [...elements];
    if (chance(0.3)) list.push(one(elements));
    if (chance(0.2)) list.splice(below(list.length), 1);
    const heads = [
      [0xd2, 0x80 | list.length],
      [0x80 | list.length],
      [0xd2, 0x9f],
      [0xd9, 0, 18, 0x80 | list.length],
      [0xd2, 0xd2, 0x80 | list.length],
      [0xd1, 0x80 | list.length],
    ];
    return Uint8Array.of(...one(heads), ...list.flatMap((element) => [...element]));
  };
  return forgeCose(leaf, chance(0.5) ? { message } : { signature: flip });
}

async function changedChain(
  foundry: Foundry,
  choices: Choices,
  at: number,
  differential: Differential,
  seed: number,
): Promise<Made> {
  const { lab, rsa } = foundry;
  const [authority, leaf] = choices.chance(0.8) ? [lab, foundry.leaf] : [rsa, foundry.rsaLeaf];
  const issuers = [authority.issuer, authority.root, authority.root];
  const chain = [...leaf.chain];
  const tbs = tbsOf(chain[at] as Uint8Array);
  changeDer(tbs, choices);
  chain[at] = resignCertificate(tbs, issuers[at] as Issued);
  const store = at === 2 ? `root-${seed}` : 'mutants';
  if (at === 2) differential.put(store, [chain[at] as Bytes]);
  const policy = anyLevel(choices, store, choices.chance(0.7) ? { trustedIdentities: ['*'] } : {});
  const mutant = choices.chance(0.5)
    ? made(await forgeJws({ ...leaf, chain }), jwsType, policy)
    : made(await forgeCose({ ...leaf, chain }), coseType, policy);
  return at === 0 ? { ...mutant, leaf: chain[0] as Bytes } : mutant;
}

const tsaPolicy = (choices: Choices): object =>
  anyLevel(choices, 'mutants', { trustStores: ['ca:mutants', 'tsa:mutants'] });

async function stampedBy({ stamped, tsa }: Foundry, choices: Choices): Promise<Made> {
  const parts = openToken(stamped.token);
  const part = choices.one(['info', 'info', 'attributes', 'signer', 'token'] as const);
  changeDer(part === 'info' ? (everyNode(parts.info)[1] ?? parts.info) : parts[part], choices);
  if (part !== 'attributes' || choices.chance(0.5)) digestAnew(parts);
  return made(withToken(stamped, resignToken(parts, tsa)), jwsType, tsaPolicy(choices));
}

async function stampedByChanged({ stamped, tsa, lab }: Foundry, choices: Choices): Promise<Made> {
  const isIssuer = choices.chance(0.4);
  const tbs = tbsOf(isIssuer ? lab.issuer.certificate : tsa.certificate);
  changeDer(tbs, choices);
  const changed = resignCertificate(tbs, isIssuer ? lab.root : lab.issuer);
  return made(
    withToken(stamped, exchangeCertificate(stamped.token, changed, isIssuer ? 1 : 0, tsa)),
    jwsType,
    tsaPolicy(choices),
  );
}
