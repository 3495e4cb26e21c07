// A process that writes to a layout: `layout-writer.ts <path> <name> <count>`.
import { utf8 } from '@notarykit/common';
import { describe, mediaTypes } from '@notarykit/oci';
import { openLayout } from '@notarykit/registry-client/node';

const [path = '', name = '', count = '0'] = process.argv.slice(2);
const layout = await openLayout(path);
for (let i = 0; i < Number(count); i++) {
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageIndex,
      manifests: [],
      annotations: { name, i: String(i) },
    }),
  );
  const descriptor = describe(mediaTypes.imageIndex, bytes);
  await layout.push(descriptor, bytes);
  await layout.tag(descriptor, `w${name}-${i}`);
}
