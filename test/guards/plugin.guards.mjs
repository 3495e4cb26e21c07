const contract = 'packages/common/src/node/plugin';
const bridge = 'packages/kms-providers/src/plugin';
const tests = 'test/integration/kms-providers';

const guard = (test) => (id, what, file, find, replace) => ({
  id,
  what,
  test: `${tests}/${test}.test.ts`,
  file,
  find,
  replace,
});
const program = guard('plugin-programs');
const answer = guard('plugin-answers');
/** A guard of the form `if (condition) …`: removed, the condition never holds. */
const never = (row, id, what, file, condition) => row(id, what, file, `if (${condition})`, 'if (false)');

const executable = 'packages/common/src/node/check-executable.ts';
const open = `${contract}/open-plugin.ts`;
const metadata = `${contract}/metadata.ts`;
const redact = `${contract}/redact.ts`;
const raw = `${bridge}/raw-signer.ts`;
const whole = `${bridge}/envelope-signer.ts`;

// Not here: the deadline and the bounds of endless output, without which the tests would not end, and what is served, which runs
// as its own program.
export const guards = [
  never(program, 'K5', 'names', open, '!isFileName(name)'),
  never(program, 'K5', 'names of executables', open, 'name === undefined || !isFileName(name)'),
  never(program, 'K5', 'absolute paths', executable, '!isAbsolute(path)'),
  never(program, 'K5', 'regular files', executable, '!file.isFile()'),
  never(program, 'K5', 'executable files', executable, '(file.mode & 0o111) === 0'),
  program('K5', 'who can write the file', executable, 'checkOwner(path, file);', ''),
  program('K5', 'who can write the folder', executable, 'checkOwner(dirname(path), await statsOf(dirname(path)));', ''),
  program('K5', 'headers', executable, 'await checkHeader(path);', ''),
  program('K5', 'replaced while it ran', open, 'await checkSame(checked);', ''),
  program('K5', 'environment', open, '...(options.env ?? inheritedEnvironment())', '...process.env'),
  program('K5', 'no shell', 'packages/common/src/node/run-process.ts', 'shell: false', 'shell: true'),
  {
    id: 'K6',
    what: 'descendants in other sessions',
    test: 'packages/common/src/node/run-process.test.ts',
    file: 'packages/common/src/node/run-process.ts',
    find: 'const others = descendantsOf(child.pid);',
    replace: 'const others: readonly number[] = [];',
  },
  program('K6', 'numbers of options', open, 'checkNumbers(name, options);', ''),
  program(
    'K6',
    'bound of the answer',
    open,
    '...defined({ timeoutMs, maxOutput, signal }),',
    '...defined({ timeoutMs, signal }),',
  ),
  program('K6', 'answers are objects', open, 'if (isJsonObject(answer)) return answer;', 'return answer;'),
  never(program, 'K6', 'its own name', metadata, 'name !== plugin'),
  never(program, 'K6', 'contract version', metadata, '!contracts.includes(pluginContractVersion)'),
  never(program, 'K6', 'whole metadata', metadata, "typeof value !== 'string' || value === ''"),
  never(program, 'K6', 'capabilities', `${bridge}/session.ts`, '!capabilities.includes(capability)'),
  {
    // The text and the whole error are redacted, one behind the other.
    id: 'K6',
    what: 'secrets',
    test: `${tests}/plugin-programs.test.ts`,
    edits: [
      { file: redact, find: 'createRedactor(secrets)', replace: 'createRedactor([])' },
      {
        file: 'packages/common/src/redact/redactor.ts',
        find: 'throw createRedactor(secrets()).value(error);',
        replace: 'throw error;',
      },
    ],
  },
  program(
    'K6',
    'secrets of the environment',
    open,
    'const given = [...Object.values(config), ...variables.filter((value) => value.length >= 8)];',
    'const given = Object.values(config);',
  ),
  program('K6', '1 KiB', redact, '.text(text, longest)', '.text(text)'),
  program('K6', 'one line', redact, ".replaceAll('\\n', '\\\\n')", ''),
  program(
    'K6',
    'reasons that contradict',
    `${bridge}/failure.ts`,
    'code(named) === code(usual) ? named : undefined',
    'named',
  ),
  program('K6', 'codes of the contract', `${bridge}/failure.ts`, 'Object.hasOwn(reasons, code)', 'code in reasons'),
  never(answer, 'K7', 'key id', raw, "answer['keyId'] !== keyId"),
  never(answer, 'K7', 'algorithm', raw, "answer['signingAlgorithm'] !== plugin"),
  never(answer, 'K7', 'key specs', raw, 'row === undefined'),
  never(answer, 'K7', 'a chain', raw, '!isJsonArray(chain) || chain.length === 0'),
  never(answer, 'K7', 'length of the chain', raw, 'chain.length > maxCertificates'),
  answer(
    'K7',
    'key of the leaf',
    raw,
    'if (found !== keySpec) throw session.error(`its leaf',
    'if (false) throw session.error(`its leaf',
  ),
  answer(
    'K7',
    'signature',
    raw,
    'if (await verifyRaw({ publicKey: leaf.publicKey, scheme, hash, data: payload, signature }))',
    '',
  ),
  never(answer, 'K7', 'envelope type', whole, "answer['signatureEnvelopeType'] !== envelopeType"),
  never(answer, 'K7', 'annotations', whole, '!isJsonObject(annotations)'),
  never(answer, 'K7', 'texts of annotations', whole, "typeof value !== 'string'"),
];
