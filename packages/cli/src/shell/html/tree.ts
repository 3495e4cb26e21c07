import type { ArtifactNode } from '@notarykit/artifact-graph/internal';
import { type Markup, markup } from './markup.js';
import { page } from './page.js';

/** What refers to an artifact as a page. Nothing in it is verified, and it says so. */
export function treePage(repository: string, tree: ArtifactNode): string {
  return page(`${repository}@${tree.descriptor.digest}`, 'neutral', [
    markup`<p>What refers to the artifact, as the registry lists it. Nothing here is verified.</p>
`,
    listOf(tree.referrers),
  ]);
}

function listOf(nodes: readonly ArtifactNode[]): Markup {
  if (nodes.length === 0) return markup`<p>Nothing refers to it.</p>\n`;
  return markup`<ul>
${nodes.map(itemOf)}</ul>
`;
}

function itemOf({ descriptor, manifest, referrers }: ArtifactNode): Markup {
  const { digest, artifactType, mediaType, size } = descriptor;
  const annotations = Object.entries(manifest.annotations ?? {}).map(([name, value]) => markup`<br>${name}: ${value}`);
  const below = referrers.length === 0 ? undefined : listOf(referrers);
  return markup`<li><strong>${artifactType ?? mediaType}</strong> <code>${digest}</code>, ${size} bytes${annotations}${below}</li>
`;
}
