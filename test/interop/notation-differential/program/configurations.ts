import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { writeJson } from '../../../forge/json-tree.js';
import { pushImage } from '../../support/image.js';
import { createChoices } from '../../support/random.js';
import { attachSignature, repositoryAt } from '../../support/signatures.js';
import { changedTree } from '../mutants/json.js';
import type { ProgramCase } from './run.js';
import { policyFile, type Setup, signed, usualStatement } from './setup.js';

const statement = (patch: object): string => policyFile(patch);

/** Policy files as an editor, a script or a mistake leaves them. */
const policies: Readonly<Record<string, string | Uint8Array | undefined>> = {
  usual: policyFile(),
  'no file': undefined,
  'an empty file': '',
  'no JSON': 'version: 1.0',
  'two documents': `${policyFile()}${policyFile()}`,
  'white space around': `\n\t ${policyFile()} \n`,
  'a byte order mark': `\ufeff${policyFile()}`,
  'UTF-16': new Uint8Array(Buffer.from(policyFile(), 'utf16le')),
  'a comment': `// policy\n${policyFile()}`,
  'a comma too many': policyFile().replace(']}', '],}'),
  'a list': `[${policyFile()}]`,
  null: 'null',
  'version 1.1': policyFile({}, { version: '1.1' }),
  'version as a number': policyFile({}, { version: 1 }),
  'no version': policyFile({}, { version: undefined }),
  'no statements': policyFile({}, { trustPolicies: [] }),
  'statements that are an object': policyFile({}, { trustPolicies: {} }),
  'two statements of one name': policyFile(
    {},
    { trustPolicies: [usualStatement, { ...usualStatement, registryScopes: ['a.b/c'] }] },
  ),
  'two wildcards': policyFile({}, { trustPolicies: [usualStatement, { ...usualStatement, name: 'q' }] }),
  'another repository': statement({ registryScopes: ['registry.test/other'] }),
  'level permissive': statement({ signatureVerification: { level: 'permissive' } }),
  'level audit': statement({ signatureVerification: { level: 'audit' } }),
  'level audit, another store': statement({ signatureVerification: { level: 'audit' }, trustStores: ['ca:none'] }),
  'level unknown': statement({ signatureVerification: { level: 'Strict' } }),
  'no level': statement({ signatureVerification: {} }),
  'no verification': statement({ signatureVerification: undefined }),
  'integrity skipped': statement({ signatureVerification: { level: 'strict', override: { integrity: 'skip' } } }),
  'custom level': statement({
    signatureVerification: { level: 'strict', override: { revocation: 'skip', expiry: 'log' } },
  }),
  'override null': statement({ signatureVerification: { level: 'strict', override: null } }),
  'stores null': statement({ trustStores: null }),
  'identities null': statement({ trustedIdentities: null }),
  'scopes null': statement({ registryScopes: null }),
  'the subject': statement({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=NotaryKit Test'] }),
  'another subject': statement({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] }),
  'a store of timestamps': statement({ trustStores: ['ca:lab', 'tsa:lab'] }),
  'unknown members': statement({ comment: 'x' }),
  'a member in another case': policyFile().replace('"trustStores"', '"TrustStores"'),
  'a member twice': policyFile().replace('"name":"p"', '"name":"q","name":"p"'),
  'deep unknown member': statement({ comment: JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`) as unknown }),
  'a large file': statement({ comment: 'x'.repeat(2_000_000) }),
};

type Store = (setup: Setup) => Readonly<Record<string, string | Uint8Array | undefined>>;

const pem = (der: Uint8Array): string => encodePem('CERTIFICATE', der);
const inStore =
  (files: (setup: Setup) => Readonly<Record<string, string | Uint8Array>>): Store =>
  (setup) => ({
    'truststore/x509/ca/lab/root.pem': undefined,
    ...Object.fromEntries(Object.entries(files(setup)).map(([name, file]) => [`truststore/x509/ca/lab/${name}`, file])),
  });
const besideRoot = (files: (setup: Setup) => Readonly<Record<string, string | Uint8Array>>): Store =>
  inStore((setup) => ({ 'a.pem': pem(setup.lab.root.certificate), ...files(setup) }));

/** Stores as they are on disk. */
const stores: Readonly<Record<string, Store>> = {
  DER: inStore(({ lab }) => ({ 'root.crt': lab.root.certificate })),
  'DER, twice in a file': inStore(({ lab }) => ({
    'root.crt': new Uint8Array([...lab.root.certificate, ...lab.root.certificate]),
  })),
  'PEM, twice in a file': inStore(({ lab }) => ({ 'root.pem': pem(lab.root.certificate).repeat(2) })),
  'two files of one certificate': besideRoot(({ lab }) => ({ 'b.pem': pem(lab.root.certificate) })),
  'an intermediate': inStore(({ lab }) => ({ 'i.pem': pem(lab.issuer.certificate) })),
  'a leaf': inStore(({ leaf }) => ({ 'l.pem': pem(leaf.certificate) })),
  'a root and a leaf': besideRoot(({ leaf }) => ({ 'l.pem': pem(leaf.certificate) })),
  'a root and a leaf in one file': inStore(({ lab, leaf }) => ({
    'x.pem': pem(lab.root.certificate) + pem(leaf.certificate),
  })),
  'the whole chain': inStore(({ leaf }) => ({ 'x.pem': leaf.pem })),
  'no files': inStore(() => ({})),
  'an empty file': inStore(() => ({ 'root.pem': '' })),
  'an empty file beside': besideRoot(() => ({ 'b.pem': '' })),
  'a text file beside': besideRoot(() => ({ 'README.txt': 'the roots' })),
  'a hidden file beside': besideRoot(() => ({ '.DS_Store': 'x' })),
  'a hidden certificate': inStore(({ lab }) => ({ '.root.pem': pem(lab.root.certificate) })),
  'no extension': inStore(({ lab }) => ({ root: pem(lab.root.certificate) })),
  'another extension': inStore(({ lab }) => ({ 'root.txt': pem(lab.root.certificate) })),
  'text before': inStore(({ lab }) => ({ 'root.pem': `subject=root\n${pem(lab.root.certificate)}` })),
  'text after': inStore(({ lab }) => ({ 'root.pem': `${pem(lab.root.certificate)}end\n` })),
  CRLF: inStore(({ lab }) => ({ 'root.pem': pem(lab.root.certificate).replaceAll('\n', '\r\n') })),
  'blanks after lines': inStore(({ lab }) => ({ 'root.pem': pem(lab.root.certificate).replaceAll('\n', ' \n') })),
  'blank lines': inStore(({ lab }) => ({ 'root.pem': `\n\n${pem(lab.root.certificate)}\n\n` })),
  'one line of base64': inStore(({ lab }) => ({ 'root.pem': oneLine(lab.root.certificate) })),
  'a byte order mark': inStore(({ lab }) => ({ 'root.pem': `\ufeff${pem(lab.root.certificate)}` })),
  'UTF-16 with a byte order mark': inStore(({ lab }) => ({
    'root.pem': new Uint8Array(Buffer.from(`\ufeff${pem(lab.root.certificate)}`, 'utf16le')),
  })),
  'another label': inStore(({ lab }) => ({ 'root.pem': encodePem('X509 CERTIFICATE', lab.root.certificate) })),
  'trusted certificate': inStore(({ lab }) => ({ 'root.pem': encodePem('TRUSTED CERTIFICATE', lab.root.certificate) })),
  'a key beside the certificate': inStore(({ lab, leaf }) => ({
    'root.pem': `${pem(lab.root.certificate)}${leaf.privateKeyPem}`,
  })),
  'a key alone': inStore(({ leaf }) => ({ 'key.pem': leaf.privateKeyPem })),
  'a cut block': inStore(({ lab }) => ({ 'root.pem': pem(lab.root.certificate).slice(0, -30) })),
  'a byte after the DER': inStore(({ lab }) => ({ 'root.crt': new Uint8Array([...lab.root.certificate, 0]) })),
  'base64 without a block': inStore(({ lab }) => ({
    'root.pem': Buffer.from(lab.root.certificate).toString('base64'),
  })),
  'headers in the block': inStore(({ lab }) => ({
    'root.pem': pem(lab.root.certificate).replace('-----\n', '-----\nComment: x\n\n'),
  })),
  'no store': () => ({ 'truststore/x509/ca/lab/root.pem': undefined }),
  'store of another type': ({ lab }) => ({
    'truststore/x509/ca/lab/root.pem': undefined,
    'truststore/x509/signingAuthority/lab/root.pem': pem(lab.root.certificate),
  }),
  'store in another case': ({ lab }) => ({
    'truststore/x509/ca/lab/root.pem': undefined,
    'truststore/x509/ca/LAB/root.pem': pem(lab.root.certificate),
  }),
};

const oneLine = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;

/** What no list of files can say: links and folders. */
const shapes: Readonly<Record<string, (folder: string, setup: Setup) => void>> = {
  'a folder in the store': (folder) => mkdirSync(join(folder, 'truststore/x509/ca/lab/more')),
  'a link to a certificate': (folder, { lab }) => {
    writeFileSync(join(folder, 'root.pem'), pem(lab.root.certificate));
    symlinkSync(join(folder, 'root.pem'), join(folder, 'truststore/x509/ca/lab/link.pem'));
  },
  'a link to nothing': (folder) => symlinkSync('/nowhere/at/all', join(folder, 'truststore/x509/ca/lab/link.pem')),
};

/** The number of policies that are changed at random. */
const mutants = 70;

/** One signed image, and configurations around it. */
export async function configurationCases(setup: Setup): Promise<ProgramCase[]> {
  const image = await pushImage(setup.registry, 'configurations', 'v1');
  await attachSignature(repositoryAt(setup.host, 'configurations'), image, await signed(setup, image));
  const reference = `${setup.host}/configurations@${image.digest}`;
  const cases: ProgramCase[] = [];
  const add = (name: string, folder: string): void =>
    void cases.push({
      kind: 'program: configuration',
      name,
      folder,
      reference,
      rows: name.startsWith('store') && name.endsWith('byte order mark') ? ['marks of encodings in store files'] : [],
    });
  for (const [name, policy] of Object.entries(policies))
    add(`policy: ${name}`, setup.configure({ 'trustpolicy.json': policy }));
  for (const [name, files] of Object.entries(stores)) add(`store: ${name}`, setup.configure(files(setup)));
  for (const [name, shape] of Object.entries(shapes)) {
    const folder = setup.configure();
    shape(folder, setup);
    add(`store: ${name}`, folder);
  }
  for (let seed = 1; seed <= mutants; seed++)
    add(`policy of seed ${seed}`, setup.configure({ 'trustpolicy.json': mutant(seed) }));
  return cases;
}

function mutant(seed: number): Uint8Array {
  return utf8(writeJson(changedTree(JSON.parse(policyFile()) as unknown, createChoices(seed))));
}
