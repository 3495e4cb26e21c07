import type { Row } from '../row.js';

const programs = 'test/integration/kms-providers/plugin-programs.test.ts';
const answers = 'test/integration/kms-providers/plugin-answers.test.ts';
const verifiers = 'test/integration/trust-policy/notation.test.ts';

/** Rows of plugins. */
export const plugins: readonly Row[] = [
  {
    id: 'D26',
    notation: 'an executable may be a symbolic link, and be writable by all',
    here: 'a regular file that only its owner can write, in such a folder; one that is replaced while it runs is not believed',
    why: 'plugin-extensibility.md, "Installation", forbids links',
    side: 'stricter',
    ours: /"pluginRefused"/,
    named: true,
  },
  {
    id: 'members in another case',
    notation: 'read',
    here: 'not the member',
    why: 'RFC 8259, 8.3: two names are two members',
    side: 'stricter',
    ours: /"pluginRefused".*(?:its answer is not complete|its metadata has no )/,
  },
  {
    id: 'names',
    notation: '`../x` is joined into the path',
    here: 'the name of a folder, and nothing else',
    why: 'the name may come from a signature',
    side: 'stricter',
    shown: `${verifiers}: I19 refuses a plugin name that contains a path`,
  },
  {
    id: 'environment',
    notation: 'inherited whole',
    here: 'paths, language and proxies; `inheritEnv` names the others',
    why: 'a verification plugin needs no credentials of the signer',
    side: 'stricter',
    shown: `${programs}: K5 its environment is a list`,
  },
  {
    id: 'bounds',
    notation: '64 MiB on either stream, no deadline',
    here: '16 MiB of answer, 1 MiB of errors, 60 seconds, eight processes at a time; options change them',
    why: 'every wait is bounded',
    side: 'stricter',
    shown: `${programs}: writes without end`,
  },
  {
    id: 'algorithm',
    notation: '`signingAlgorithm` of a signature is not looked at',
    here: 'it must be the one of the key',
    why: 'plugin-extensibility.md, "generate-signature": the key decides, and the plugin says what it did',
    side: 'stricter',
    shown: `${answers}: signs with another algorithm`,
  },
  {
    id: 'ECDSA signatures',
    notation: 'r and s',
    here: "r and s, or DER, whichever the leaf's key confirms",
    why: 'plugin-extensibility.md, "generate-signature", leaves it open',
    side: 'tolerant',
    shown: `${answers}: K7 accepts a valid signature, EC in either encoding`,
  },
  {
    id: 'errors',
    notation: 'any exit code but 0 fails, with the error object on standard error',
    here: 'the same; without an error object the failure may pass (`unavailable`)',
    why: 'plugin-extensibility.md, "Plugin contract"',
    side: 'named',
    shown: `${programs}: K6 its errors are classed by the codes of the contract`,
  },
];
