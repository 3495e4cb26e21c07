import { isCodedError } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import { TrustError, type TrustReport } from '@notarykit/trust-policy';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { verify } from 'notarykit';
import { peer } from '../../../../scripts/peers.mjs';
import { runProgram } from '../../support/program.js';
import type { Case, Verdict } from '../case.js';
import type { Differential } from '../differential.js';

/** One question to the whole program and to the verbs, both set up by the files in one folder. */
export interface ProgramCase extends Pick<Case, 'kind' | 'name' | 'rows'> {
  /** The configuration, with policies, stores and plugins. */
  readonly folder: string;
  /** `host/repository@digest`; a path in place of the first two for a layout. */
  readonly reference: string;
  /** Given for layouts: `registry/repository` as the policy knows it. */
  readonly scope?: string;
  readonly maxSignatures?: number;
}

/** Runs both on every case, two at a time, and accounts for each: the differences that no row explains. */
export async function comparePrograms(
  differential: Differential,
  cases: readonly ProgramCase[],
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const rest = [...cases];
  const work = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) {
      const [they, we] = [await theirs(one), await ours(one)];
      found.push(...differential.account(one, we, they));
    }
  };
  await Promise.all([work(), work()]);
  return found;
}

const environment = (folder: string): Record<string, string> => ({
  NOTATION_CONFIG: folder,
  NOTATION_LIBEXEC: folder,
  NOTATION_CACHE: `${folder}/cache`,
  DOCKER_CONFIG: folder,
  HOME: folder,
  NOTATION_EXPERIMENTAL: '1',
});

async function theirs({ folder, reference, scope, maxSignatures = 100 }: ProgramCase): Promise<Verdict> {
  const layout = scope === undefined ? [] : ['--oci-layout', '--scope', scope];
  const args = ['verify', ...layout, '--max-signatures', String(maxSignatures), reference];
  const { code, stdout, stderr } = await runProgram(await peer('notation'), args, {
    env: environment(folder),
    cwd: folder,
  });
  if (code !== 0) return { verdict: 'refused', logged: [], reason: stderr };
  const verdict = stdout.includes('configured to skip signature verification') ? 'skipped' : 'trusted';
  return { verdict, logged: [], reason: stderr };
}

async function ours(one: ProgramCase): Promise<Verdict> {
  const configuration = notationConfiguration({ env: environment(one.folder) });
  const { maxSignatures = 100 } = one;
  try {
    const { verdict } = await verify(await repositoryOf(one), one.reference.replace(/^.*@/, ''), {
      policy: await configuration.trustPolicy(),
      trustStore: configuration.trustStore,
      plugins: await configuration.plugins(),
      revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
      maxSignatures,
    });
    return { verdict, logged: [], reason: '' };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { verdict: 'refused', logged: [], reason: reasonOf(error) };
  }
}

async function repositoryOf({ reference, scope }: ProgramCase): Promise<Repository> {
  const [place = ''] = reference.split('@');
  if (scope !== undefined) return openLayout(place, { name: scope });
  const [registry = '', ...name] = place.split('/');
  return createRegistry({ registry }).repository(name.join('/'));
}

function reasonOf(error: Error & { readonly code: string }): string {
  const report = error instanceof TrustError ? error.report : undefined;
  return [`${error.code} ${error.message}`, ...(report === undefined ? [] : factsOf(report))].join(' | ');
}

function factsOf({ signatures, ignored }: TrustReport): string[] {
  const facts = [...signatures.flatMap(({ validations }) => validations), ...ignored].map(({ fact }) => fact);
  return facts.flatMap((fact) => (fact === undefined ? [] : [JSON.stringify(fact)]));
}
