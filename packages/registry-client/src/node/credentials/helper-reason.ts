/**
 * What helpers and the stores behind them say when they fail, in our own words: their output may hold a secret, and is not repeated.
 * The first that fits counts.
 */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/no such (?:user|account|entry)|not found in|could not be found|no credentials/, 'the store has no such account'],
  [/\block(?:ed)?\b|unlock|user interaction is not allowed|prompt|cancell?ed|dismissed/, 'the store is locked'],
  [/expired|no longer valid|re-?authenticate/, 'the login has expired'],
  [/not logged in|log ?in|sign ?in|unauthenticated|no valid session|sso/, 'it is not logged in'],
  [/d-?bus|secret service|display|no such interface|autolaunch/, 'no secret service or session is running'],
  [/gpg|pass(?:word)? store|no secret key|decryption failed/, 'the password store cannot be decrypted'],
  [/access ?denied|permission|forbidden|not authorized|unauthorized/, 'access was denied'],
  [
    /no such host|connection refused|network|dns|unreachable|timed? ?out|i\/o timeout|tls|certificate/,
    'its service cannot be reached',
  ],
  [
    /region|no ec2 imds|could not (?:find|load) .*(?:default )?credentials|nocredentialproviders/,
    'it has no login or region of its own',
  ],
  [/not (?:a )?(?:valid|supported)|unsupported|unknown command|usage:/, 'it does not support the request'],
  [/no such file|not found|enoent/, 'a file or a program that it needs is missing'],
];

/** The reason in a helper's output, as an end of a sentence; empty where none of the known ones is there. */
export function helperReason(output: string): string {
  const text = output.slice(0, 8192).toLowerCase();
  const [, reason] = reasons.find(([pattern]) => pattern.test(text)) ?? [];
  return reason === undefined ? '; run it by hand to see why' : `: ${reason}`;
}
