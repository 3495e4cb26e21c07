import { chmodSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pushImage } from '../../support/image.js';
import { attachSignature, repositoryAt } from '../../support/signatures.js';
import type { ProgramCase } from './run.js';
import { policyFile, type Setup, signed } from './setup.js';

const identity = 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY';
const revocation = 'SIGNATURE_VERIFIER.REVOCATION_CHECK';

const metadata = {
  name: 'p',
  description: 'a plugin',
  version: '1.2.3',
  url: 'https://p.test',
  supportedContractVersions: ['1.0'],
  capabilities: [identity],
};
const confirmed = { verificationResults: { [identity]: { success: true, reason: '' } }, processedAttributes: [] };

/** A plugin that says fixed texts: of itself, and of a signature. */
interface Says {
  readonly metadata?: object | string;
  readonly answer?: object | string;
  /** The exit code of both commands. */
  readonly exit?: number;
  /** The exit code of `verify-signature` alone, and what stands on standard error then. */
  readonly fails?: { readonly code: number; readonly stderr: object | string };
  readonly mode?: number;
}

const text = (value: object | string): string => (typeof value === 'string' ? value : JSON.stringify(value));

function script({ metadata: about = metadata, answer = confirmed, exit = 0, fails }: Says): string {
  const say = (value: object | string, to = ''): string => `cat ${to}<<'END'\n${text(value)}\nEND\n`;
  const verdict = fails === undefined ? `${say(answer)}exit ${exit}` : `${say(fails.stderr, '>&2 ')}exit ${fails.code}`;
  return `#!/bin/sh\ncase "$1" in\nget-plugin-metadata)\n${say(about)}exit ${exit};;\nverify-signature)\ncat >/dev/null\n${verdict};;\n*) exit 9;;\nesac\n`;
}

const about = (patch: object): Says => ({ metadata: { ...metadata, ...patch } });
const answers = (patch: object): Says => ({ answer: { ...confirmed, ...patch } });
const results = (value: unknown): Says => answers({ verificationResults: value });

/** What a plugin may say. */
const plugins: Readonly<Record<string, Says>> = {
  confirms: {},
  'refuses with a reason': results({ [identity]: { success: false, reason: 'no' } }),
  'refuses without a reason': results({ [identity]: { success: false } }),
  'says nothing of the capability': results({}),
  'says something of another capability': results({ [revocation]: { success: true } }),
  'confirms more than was asked': results({ [identity]: { success: true }, [revocation]: { success: false } }),
  'result null': results({ [identity]: null }),
  'result without success': results({ [identity]: { reason: 'x' } }),
  'success as text': results({ [identity]: { success: 'true' } }),
  'results null': results(null),
  'no results': answers({ verificationResults: undefined }),
  'attributes null': answers({ processedAttributes: null }),
  'attributes absent': answers({ processedAttributes: undefined }),
  'attributes of another kind': answers({ processedAttributes: 'x' }),
  'more members': answers({ more: 1 }),
  'members in another case': {
    answer: JSON.stringify(confirmed).replace('verificationResults', 'VerificationResults'),
  },
  'no JSON': { answer: 'yes' },
  'two documents': { answer: `${text(confirmed)}${text(confirmed)}` },
  nothing: { answer: '' },
  'a list': { answer: [] },
  'white space': { answer: `  ${text(confirmed)}\n\n` },
  'exit 1 without an error': { fails: { code: 1, stderr: 'bad' } },
  'exit 1 with an error': { fails: { code: 1, stderr: { errorCode: 'ERROR', errorMessage: 'bad' } } },
  'exit 2 with an error': { fails: { code: 2, stderr: { errorCode: 'THROTTLED', errorMessage: 'bad' } } },
  'exit 1 with an answer': { exit: 1 },
  'exit 0 with an error': { fails: { code: 0, stderr: { errorCode: 'ERROR', errorMessage: 'bad' } } },
  'another name': about({ name: 'q' }),
  'no name': about({ name: '' }),
  'no description': about({ description: '' }),
  'no version': about({ version: '' }),
  'no URL': about({ url: '' }),
  'version that is none': about({ version: 'x' }),
  'no capabilities': about({ capabilities: [] }),
  'capabilities null': about({ capabilities: null }),
  'capability that is none': about({ capabilities: [identity, 'X'] }),
  'signer alone': about({ capabilities: ['SIGNATURE_GENERATOR.RAW'] }),
  'revocation alone, refused': {
    ...about({ capabilities: [revocation] }),
    ...results({ [revocation]: { success: false, reason: 'revoked' } }),
  },
  'revocation alone, confirmed': {
    metadata: { ...metadata, capabilities: [revocation] },
    answer: { ...confirmed, verificationResults: { [revocation]: { success: true } } },
  },
  'both, confirmed': {
    metadata: { ...metadata, capabilities: [identity, revocation] },
    answer: { ...confirmed, verificationResults: { [identity]: { success: true }, [revocation]: { success: true } } },
  },
  'both, one missing': about({ capabilities: [identity, revocation] }),
  'contract 1.1': about({ supportedContractVersions: ['1.1'] }),
  'contract 1.0 and 2.0': about({ supportedContractVersions: ['2.0', '1.0'] }),
  'no contract': about({ supportedContractVersions: [] }),
  'metadata with more members': about({ more: 1 }),
  'metadata that is not JSON': { metadata: 'x' },
  'metadata in another case': { metadata: JSON.stringify(metadata).replace('"name"', '"Name"') },
  'not executable': { mode: 0o644 },
  'executable by its owner alone': { mode: 0o700 },
  'writable by the group': { mode: 0o775 },
  'writable by all': { mode: 0o777 },
  'no interpreter': { metadata: 'x', mode: 0o755 },
};

/** How the plugin lies in its folder. */
const places: Readonly<Record<string, (folder: string) => void>> = {
  'no plugin': (folder) => renameSync(join(folder, 'plugins'), join(folder, 'elsewhere')),
  'a folder without a program': (folder) =>
    renameSync(join(folder, 'plugins/p/notation-p'), join(folder, 'plugins/p/p')),
  'a program that is a folder': (folder) => {
    renameSync(join(folder, 'plugins/p/notation-p'), join(folder, 'plugins/p/p'));
    mkdirSync(join(folder, 'plugins/p/notation-p'));
  },
  'a link to the program': (folder) => {
    renameSync(join(folder, 'plugins/p/notation-p'), join(folder, 'plugins/p/real'));
    symlinkSync(join(folder, 'plugins/p/real'), join(folder, 'plugins/p/notation-p'));
  },
  'a link to the folder': (folder) => {
    renameSync(join(folder, 'plugins/p'), join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'plugins/p'));
  },
  'a folder that all can write': (folder) => chmodSync(join(folder, 'plugins/p'), 0o777),
};

const named = { verificationPlugin: 'p' };

/** Signatures that name a plugin, by what they say of it. */
const signatures = {
  plugin: named,
  'plugin of version 1.0.0': { ...named, verificationPluginMinVersion: '1.0.0' },
  'plugin of version 1.2.3': { ...named, verificationPluginMinVersion: '1.2.3' },
  'plugin of version 2.0.0': { ...named, verificationPluginMinVersion: '2.0.0' },
  'plugin and a critical attribute': { ...named, extendedAttributes: [{ key: 'x', value: 'y', critical: true }] },
  'plugin and an attribute': { ...named, extendedAttributes: [{ key: 'x', value: 'y', critical: false }] },
  'critical attribute alone': { extendedAttributes: [{ key: 'x', value: 'y', critical: true }] },
  'plugin with an odd name': { verificationPlugin: 'p.q_r-s' },
} as const;

const levels = {
  strict: {},
  audit: { signatureVerification: { level: 'audit' } },
  'no identities': { trustedIdentities: ['x509.subject:C=US,ST=WA,O=Nobody'] },
  'without revocation': { signatureVerification: { level: 'strict', override: { revocation: 'skip' } } },
};

const inFolder = (says: Says): Record<string, { content: string; mode: number }> => ({
  'plugins/p/notation-p': { content: script(says), mode: says.mode ?? 0o755 },
});

/** Plugins, the places where they lie, and the signatures that name them. */
export async function pluginCases(setup: Setup): Promise<ProgramCase[]> {
  const references = new Map<string, string>();
  for (const [i, [name, options]] of Object.entries(signatures).entries()) {
    const image = await pushImage(setup.registry, `plugins/s${i}`, 'v1');
    await attachSignature(repositoryAt(setup.host, `plugins/s${i}`), image, await signed(setup, image, options));
    references.set(name, `${setup.host}/plugins/s${i}@${image.digest}`);
  }
  const cases: ProgramCase[] = [];
  const add = (name: string, folder: string, signature = 'plugin'): void =>
    void cases.push({
      kind: 'program: plugins',
      name: `${signature}: ${name}`,
      folder,
      reference: references.get(signature) as string,
      ...(/writable|a link|can write/.test(name) ? { rows: ['D26'] } : {}),
    });
  for (const [name, says] of Object.entries(plugins)) {
    add(name, setup.configure(inFolder(says)));
    add(`${name}; critical`, setup.configure(inFolder(says)), 'plugin and a critical attribute');
  }
  for (const [name, shape] of Object.entries(places)) {
    const folder = setup.configure(inFolder({}));
    shape(folder);
    add(name, folder);
  }
  for (const signature of Object.keys(signatures))
    for (const [name, level] of Object.entries(levels))
      for (const processedAttributes of [[], ['x']])
        add(
          `processed ${processedAttributes.length}; ${name}`,
          setup.configure({ 'trustpolicy.json': policyFile(level), ...inFolder(answers({ processedAttributes })) }),
          signature,
        );
  return cases;
}
