import { quote } from '@notarykit/common/internal';
import { OciError } from '@notarykit/oci/internal';
import { foldName } from './path.js';

interface Claimed {
  readonly name: string;
  readonly children: Map<string, Claimed>;
}

/** Notes the paths that are written, and refuses two that one file system keeps apart and another does not. */
export function claimedNames(): (path: string) => void {
  // One node per folder or file, not one text per prefix: a path of n parts costs n, however many share its beginning.
  const root = new Map<string, Claimed>();
  return (path) => {
    let siblings = root;
    for (const name of path.split('/')) {
      const key = foldName(name);
      const claimed = siblings.get(key) ?? { name, children: new Map<string, Claimed>() };
      if (claimed.name !== name)
        throw new OciError(
          'ERR_OCI_PATH',
          `${quote(path)} is not written: ${quote(name)} and ${quote(claimed.name)} differ in case only`,
        );
      siblings.set(key, claimed);
      siblings = claimed.children;
    }
  };
}
