import { type Digest, parseDigest } from '@notarykit/oci/internal';
import { type Arguments, UsageError } from './command.js';

/** The digests of an option. One that is mistyped would stand for nothing, so it is refused. */
export function readDigests(args: Arguments, option: string): readonly Digest[] {
  return args.texts(option).map((text) => {
    try {
      parseDigest(text);
      return text as Digest;
    } catch (cause) {
      throw new UsageError(`--${option}: expected a digest such as sha256:…, found "${text}"`, { cause });
    }
  });
}
