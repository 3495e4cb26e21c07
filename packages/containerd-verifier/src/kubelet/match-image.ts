/** Host, port and path of a pattern of images or the name of a repository. */
interface Place {
  /** The host, split at its dots. */
  readonly labels: readonly string[];
  readonly port: string;
  readonly path: string;
}

/**
 * Whether a pattern matches an image by the rules of the kubelet: the same number of labels in the host, of which each may have `*`; the
 * same port; and a path with which the image's path begins.
 *
 * @param pattern - `*.dkr.ecr.*.amazonaws.com`, `registry.example.com:5000/team`
 * @param image - `registry/repository`
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
 */
export function matchesImage(pattern: string, image: string): boolean {
  const [wanted, found] = [placeOf(pattern), placeOf(image)];
  return (
    wanted.port === found.port &&
    wanted.labels.length === found.labels.length &&
    found.path.startsWith(wanted.path) &&
    wanted.labels.every((label, i) => matchesLabel(label, found.labels[i] as string))
  );
}

function placeOf(text: string): Place {
  const [, host = '', port = '', path = ''] = /^(\[[^\]]*\]|[^/:]*)(?::([^/]*))?(\/[\s\S]*)?$/.exec(text) ?? [];
  return { labels: host.split('.'), port, path };
}

/** In one pass, whatever the pattern is. */
function matchesLabel(pattern: string, label: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === label;
  if (!label.startsWith(first) || !label.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = label.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= label.length;
}

/** The key of an account as it is compared: without a scheme, and without the `/v1/` and `/v2/` of docker's files. */
export function keyOfAccount(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/^([^/]*)\/v[12](?=\/)/, '$1');
  return bare.replace(/^([^/]*)\/$/, '$1');
}
