import { formatReference, parseImageName } from '@notarykit/oci/internal';

/** Named build contexts: what `docker buildx build --build-context name=value` gives. */
export type Contexts = Readonly<Record<string, string>>;

/**
 * The value of the named context that stands for a stage or an image. A context is called as an image is called for short: without
 * `docker.io/library/` and without `:latest`; `name::platform` is for one platform only.
 */
export function contextOf(
  contexts: Contexts | undefined,
  name: string,
  platform: string | undefined,
): string | undefined {
  if (contexts === undefined || name.toLowerCase() === 'scratch' || name.toLowerCase() === 'context') return undefined;
  const short = familiarName(name);
  const keys = [...(platform === undefined ? [] : [`${short}::${platform}`]), short];
  const key = keys.find((each) => Object.hasOwn(contexts, each));
  return key === undefined ? undefined : contexts[key];
}

function familiarName(name: string): string {
  try {
    const full = formatReference(parseImageName(name));
    return full.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:latest$/, '');
  } catch {
    return name;
  }
}
