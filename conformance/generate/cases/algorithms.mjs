// The six algorithms in both formats: what holds, and every way in which a signature can be wrong.

import { createHmac } from 'node:crypto';
import { leafOf } from '../lib/authorities.mjs';
import { base64url, bytes, flip } from '../lib/bytes.mjs';
import { blobCase, ociCase, payloadOf, refused, repository, stores, subject, trusted } from '../lib/case.mjs';
import { bstr, int, text } from '../lib/cbor.mjs';
import { algorithms, derOfRaw, keyOf, specs } from '../lib/keys.mjs';
import { omitting } from '../lib/omit.mjs';
import { rfc, sections } from '../lib/sections.mjs';

const formats = ['jws', 'cose'];
const algSection = { jws: sections.jwsAlg, cose: sections.coseAlg };
const signatureSection = { jws: sections.jwsSignature, cose: sections.coseSignature };
const nameOf = (spec) => specs[spec].jws.toLowerCase();
const every = (make) => formats.flatMap((format) => algorithms.flatMap((spec) => make(format, spec)));
const tagsOf = (format, spec) => [format, specs[spec].jws];

function accepted(format, spec) {
  const common = { spec: sections.algorithmSelection, expected: trusted(), tags: tagsOf(format, spec) };
  const signature = { signer: leafOf(spec), format };
  const authority = { ...signature, says: { scheme: 'notary.x509.signingAuthority' } };
  return [
    ociCase({
      ...common,
      id: `${format}-${nameOf(spec)}-oci`,
      signature,
      why: `A signature by ${spec} of an OCI artifact holds.`,
    }),
    blobCase({
      ...common,
      id: `${format}-${nameOf(spec)}-blob`,
      signature,
      digestName: specs[spec].hash,
      why: `A signature by ${spec} of a blob holds; the blob's digest is made with the hash of the key.`,
    }),
    ociCase({
      ...common,
      id: `${format}-${nameOf(spec)}-authority`,
      spec: sections.schemeAuthority,
      signature: authority,
      stores: stores.signingAuthority,
      policy: authorityPolicy(),
      why: `A signature by ${spec} of a signing authority holds under a store of that type.`,
    }),
  ];
}

const authorityPolicy = () => ({
  version: '1.0',
  trustPolicies: [
    {
      name: 'kit',
      registryScopes: [repository],
      signatureVerification: { level: 'strict' },
      trustStores: ['signingAuthority:kit'],
      trustedIdentities: ['*'],
    },
  ],
});

/** Signatures that do not verify: `change` as the writers of envelopes take it. */
function broken(format, spec) {
  const { type } = specs[spec];
  /** @type {[string, string, object][]} */
  const rows = [
    ['signature-bit', 'One bit of the signature differs.', { signature: (raw) => flip(raw, 5) }],
    ['signature-short', 'The signature is one byte too short.', { signature: (raw) => raw.subarray(0, -1) }],
    ...(['EC-256', 'RSA-2048'].includes(spec)
      ? [
          ['signature-last-bit', 'The last bit of the signature differs.', { signature: (raw) => flip(raw) }],
          ['signature-long', 'The signature has one byte too many.', { signature: (raw) => bytes(raw, [0]) }],
          ['signature-zero', 'The signature is all zeros.', { signature: (raw) => Buffer.alloc(raw.length) }],
        ]
      : []),
    ...(type === 'ec' || spec === 'RSA-2048'
      ? [
          [
            'other-key',
            "The signature was made by a key that is not the leaf certificate's.",
            { signWith: keyOf(spec, 'other-b') },
          ],
        ]
      : []),
    ...(type === 'ec'
      ? [
          [
            'signature-der',
            'An ECDSA signature is r and s of fixed length, not a DER SEQUENCE.',
            { signature: derOfRaw },
          ],
        ]
      : []),
    ...(type === 'rsa'
      ? [
          [
            'signature-pkcs1',
            'The signature is RSASSA-PKCS1-v1_5 in place of RSASSA-PSS.',
            { signing: { scheme: 'pkcs1' } },
          ],
          [
            'other-mask',
            'The mask of RSASSA-PSS is made with another hash.',
            { signing: { mgf: spec === 'RSA-2048' ? 'sha512' : 'sha256' } },
          ],
        ]
      : [
          [
            'other-hash',
            'The message was hashed with another hash than the key demands.',
            { signing: { hash: specs[spec].hash === 'sha256' ? 'sha384' : 'sha256' } },
          ],
        ]),
  ];
  return rows.map(([name, why, change]) =>
    ociCase({
      id: `${format}-${nameOf(spec)}-${name}`,
      spec: signatureSection[format],
      why,
      signature: { signer: leafOf(spec), format, change },
      expected: refused('integrity'),
      tags: [...tagsOf(format, spec), 'signature'],
    }),
  );
}

/** The salt is as long as the hash (RFC 7518, 3.5; RFC 8230, 2). */
function salts(format, spec) {
  if (specs[spec].type !== 'rsa') return [];
  const longest = specs[spec].bits / 8 - Number(specs[spec].hash.slice(3)) / 8 - 2;
  return (spec === 'RSA-2048' ? [0, 20, longest] : [0]).map((salt) =>
    ociCase({
      id: `${format}-${nameOf(spec)}-salt-${salt}`,
      spec: format === 'jws' ? rfc(7518, '3.5') : rfc(8230, '2'),
      why: `The salt of RSASSA-PSS has ${salt} bytes; it must be as long as the hash.`,
      signature: { signer: leafOf(spec), format, change: { signing: { salt } } },
      expected: refused('integrity'),
      tags: [...tagsOf(format, spec), 'signature'],
    }),
  );
}

/** What the signature covers was changed after it was made. */
function altered(format, spec) {
  const other = payloadOf({ ...subject.descriptor, size: subject.descriptor.size + 1 });
  /** @type {[string, string, object][]} */
  const rows =
    format === 'jws'
      ? [
          ['payload-altered', 'The payload was changed after signing.', (m) => ({ ...m, payload: base64url(other) })],
          [
            'protected-altered',
            'The protected header was changed after signing.',
            (m) => ({ ...m, protected: withBlank(m.protected) }),
          ],
        ].map(([name, why, members]) => [name, why, { members }])
      : [
          ['payload-altered', 'The payload was changed after signing.', { payloadItem: bstr(bytes(other)) }],
          [
            'protected-altered',
            'The protected header was changed after signing.',
            { toBeSigned: (header, payload) => coseSigned(flip(header), payload) },
          ],
        ];
  return rows.map(([name, why, change]) =>
    ociCase({
      id: `${format}-${nameOf(spec)}-${name}`,
      spec: sections.steps,
      why,
      signature: { signer: leafOf(spec), format, change },
      expected: refused('integrity'),
      tags: [...tagsOf(format, spec), 'signature'],
    }),
  );
}

const withBlank = (protectedText) => base64url(`${Buffer.from(protectedText, 'base64url')} `);
const coseSigned = (header, payload) =>
  bytes([0x84], text('Signature1'), bstr(header), bstr(Buffer.alloc(0)), bstr(payload));

/** `alg` names another algorithm than the key's; the signature is by the key's own. */
function mismatched(format, spec) {
  return (['EC-256', 'RSA-2048'].includes(spec) ? [1, 3] : [1])
    .map((step) => algorithms[(algorithms.indexOf(spec) + step) % algorithms.length])
    .map((other) => {
      const name = specs[other].jws;
      const change =
        format === 'jws'
          ? { protected: (h) => ({ ...h, alg: name }) }
          : { protected: (e) => ({ ...e, alg: [int(1), int(specs[other].cose)] }) };
      return ociCase({
        id: `${format}-${nameOf(spec)}-says-${name.toLowerCase()}`,
        spec: algSection[format],
        why: `The header says ${name}, but the key of the signing certificate is ${spec}.`,
        signature: { signer: leafOf(spec), format, change },
        expected: refused('integrity'),
        tags: [...tagsOf(format, spec), 'alg'],
      });
    });
}

/** Algorithms that the Notary Project does not allow for any signer. */
function foreign() {
  const jws = ['none', 'HS256', 'RS256', 'ES256K', 'EdDSA', 'es256', 'ES256 ', ''].map((alg) => [
    `jws-alg-${alg === 'ES256 ' ? 'blank' : alg === 'es256' ? 'lower-case' : alg === '' ? 'empty' : alg.toLowerCase()}`,
    `The algorithm ${JSON.stringify(alg)} is not allowed.`,
    { format: 'jws', change: { protected: (h) => ({ ...h, alg }) } },
  ]);
  const types = [
    ['number', 'The algorithm of a JWS is a string.', -7],
    ['list', 'The algorithm of a JWS is a string, not a list.', ['ES256']],
    ['null', 'The algorithm of a JWS is a string, not null.', null],
  ].map(([name, why, alg]) => [
    `jws-alg-${name}`,
    why,
    { format: 'jws', change: { protected: (h) => ({ ...h, alg }) } },
  ]);
  const missing = [
    ['jws-alg-missing', 'The algorithm is required.', { format: 'jws', change: { protected: omitting('alg') } }],
    ['cose-alg-missing', 'The algorithm is required.', { format: 'cose', change: { protected: omitting('alg') } }],
    [
      'jws-alg-none-unsigned',
      'An unsigned JWS carries no signature at all.',
      { format: 'jws', change: { protected: (h) => ({ ...h, alg: 'none' }), signature: () => Buffer.alloc(0) } },
    ],
    [
      'cose-alg-unprotected',
      'The algorithm is in the unprotected header alone, where nothing vouches for it.',
      {
        format: 'cose',
        change: { protected: omitting('alg'), unprotected: (e) => ({ ...e, alg: [int(1), int(-7)] }) },
      },
    ],
  ];
  const cose = [
    ['eddsa', int(-8)],
    ['hmac', int(5)],
    ['rs256', int(-257)],
    ['es256k', int(-47)],
    ['es384-for-p256', int(-35)],
    ['text', text('ES256')],
    ['zero', int(0)],
    ['rs1', int(-65535)],
  ].map(([name, item]) => [
    `cose-alg-${name}`,
    `The algorithm is not one of those that the Notary Project allows for this key (${name}).`,
    { format: 'cose', change: { protected: (e) => ({ ...e, alg: [int(1), item] }) } },
  ]);
  return [...jws, ...types, ...missing, ...cose].map(([id, why, signature]) =>
    ociCase({
      id,
      why,
      spec: algSection[signature.format],
      signature,
      expected: refused('integrity'),
      tags: [signature.format, 'alg'],
    }),
  );
}

/** A MAC whose key is the public key that the envelope carries. */
function confusion() {
  const signer = leafOf('RSA-2048');
  const mac = (_, input) => hmac(signer.key.spki, input);
  return [
    ociCase({
      id: 'jws-hs256-with-the-public-key',
      spec: sections.jwsAlg,
      why: 'The signature is a MAC keyed with the public key: a verifier that lets the header choose would accept it.',
      signature: { signer, format: 'jws', change: { protected: (h) => ({ ...h, alg: 'HS256' }), signature: mac } },
      expected: refused('integrity'),
      tags: ['jws', 'alg'],
    }),
  ];
}

const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

export const cases = () => [
  ...every(accepted),
  ...every(broken),
  ...every(salts),
  ...every(altered),
  ...every(mismatched),
  ...foreign(),
  ...confusion(),
];
