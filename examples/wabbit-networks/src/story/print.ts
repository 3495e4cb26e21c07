import type { ArtifactNode } from '@notarykit/artifact-graph';
import type { Repository } from '@notarykit/oci';
import { discover } from 'notarykit';

/** Where the story is printed. */
export interface Account {
  chapter(title: string): void;
  step(text: string, digest?: string): void;
  quote(text: string): void;
}

/** Tells the story on standard output. */
export const printed: Account = {
  chapter: (title) => console.log(`\n${title}\n${'='.repeat(title.length)}`),
  step: (text, digest) => console.log(`  ${text}${digest === undefined ? '' : `\n      ${digest}`}`),
  quote: (text) => console.log(text.trimEnd().replace(/^/gm, '    | ')),
};

/** Tells nothing. */
export const silent: Account = { chapter: () => undefined, step: () => undefined, quote: () => undefined };

/** An artifact with everything that refers to it. */
export async function printTree(account: Account, repository: Repository, reference: string): Promise<number> {
  const tree = await discover(repository, reference);
  account.step(`${repository.name}:${reference}`);
  return 1 + branch(account, tree, '    ');
}

function branch(account: Account, node: ArtifactNode, indent: string): number {
  const [own = ''] = node.descriptor.digest.match(/^sha256:.{12}/) ?? [];
  account.step(`${indent}${node.descriptor.artifactType ?? 'image'} ${own}…`);
  return node.referrers.reduce((count, referrer) => count + 1 + branch(account, referrer, `${indent}    `), 0);
}
