import type { ArtifactNode } from '@notarykit/artifact-graph/internal';

/** The referrers below an artifact, one a line, for people. */
export function branches({ referrers }: ArtifactNode, indent: string): readonly string[] {
  return referrers.flatMap((node, i) => {
    const last = i === referrers.length - 1;
    const { digest, artifactType = node.descriptor.mediaType } = node.descriptor;
    return [
      `${indent}${last ? '└── ' : '├── '}${artifactType} ${digest}`,
      ...branches(node, `${indent}${last ? '    ' : '│   '}`),
    ];
  });
}
