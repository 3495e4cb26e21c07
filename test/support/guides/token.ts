import { createAuthority, createKeyPair } from '@notarykit/testing';
import { createTokenDouble } from '../pkcs11/token-double.js';

const pair = await createKeyPair('EC-256');
const { chain } = await (await createAuthority()).issueLeaf({ keyPair: pair });
const id = Uint8Array.of(1);

/** The token that the guide to signing in CI has in its slot. */
export const token = createTokenDouble({
  label: 'release',
  pin: '314159',
  keys: [{ label: 'net-monitor', id, pair }],
  certificates: chain.map((der, i) => (i === 0 ? { der, id } : { der })),
});
