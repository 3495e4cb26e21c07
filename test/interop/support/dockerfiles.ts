/** A Dockerfile with the options of the build. */
export interface Build {
  readonly text: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string;
  readonly platform: string;
}

/** Random numbers from a seed (mulberry32): a failure names its seed, and the same seed makes the same files. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Pick = <T>(items: readonly T[]) => T;

const images = [
  'alpine',
  'alpine:3.20',
  'a.test/x:1',
  'localhost:5000/a/b',
  'docker.io/nginx',
  'index.docker.io/u/v:2',
  'scratch',
  'Upper',
];
const stages = ['build', 'Build', 'tools', 'last', '0', '1', '2', '+1', '-1', '01'];
const blanks = [
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\v',
  '\f',
  '\u00a0',
  '\u0085',
  ' \\\n',
  '\\\n  ',
  ' `\n',
  '\\ \n# note\n\n',
];
const ends = [
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r\r\n',
  '\n\n',
  ' \n',
  ' \\\\\n',
  ' \\\n',
  '`\n',
  '\n# a note\n',
  '\n  # a note \\\n',
];
const braced = (text: string): string => `$\{${text}}`;
const operands = [
  'V',
  'V:-alpine',
  'V-alpine',
  'V:+b',
  'V+b',
  'V#al',
  'V%%i*',
  'V/p/q',
  'V//[a]/b',
  'W',
  'V:?gone',
  'W:?gone',
];
const expressions = [
  ...['$V', '$TARGETARCH', '$$', '$1', '$é', '\\$V', '`$V', '"$V"', "'$V'", '$\u007b'],
  ...[...operands, ':x', 'TARGETOS:-x', `W:-${braced('V')}`].map(braced),
];

/** One build out of the forms that real files use and those that a reader may stumble over. */
export function randomBuild(random: () => number): Build {
  const pick: Pick = (items) => items[Math.floor(random() * items.length)] as (typeof items)[number];
  // One odd form makes most files invalid, so that all that follows it is lost: many files have few.
  const odd = pick([0.02, 0.02, 0.1, 0.4]);
  const usual = <T>(common: readonly T[], rare: readonly T[]): T => pick(random() < odd ? rare : common);
  const maybe = (chance: number, text: () => string): string => (random() < chance ? text() : '');
  const blank = (): string => usual([' '], blanks);
  const end = (): string => usual(['\n', '\r\n', '\n\n', '\n# a note\n'], ends);
  const image = (): string =>
    random() > odd
      ? pick(images.slice(0, -1))
      : `${pick(['', 'a.test/', 'x'])}${pick(expressions)}${pick(['', ':1', 'y'])}`;
  const source = (): string =>
    usual([image, () => pick(stages.slice(0, 5))], [() => pick(stages), () => pick(images)])();
  const mangled = (text: string): string => {
    if (random() > odd || text.length < 4) return text;
    const at = 1 + Math.floor(random() * (text.length - 2));
    const [a, b] = [text.slice(0, at), text.slice(at)];
    return pick([
      `${a}\\${b}`,
      `${a}"${b}"`,
      `${a}'${b}'`,
      `"${a}"${b}`,
      `${a}\`${b}`,
      `${a}\u00e0${b}`,
      `${a}\\\n${b}`,
      `"${text}"`,
    ]);
  };
  const mount = (): string => {
    const parts = [
      'type=bind',
      'target=/t',
      `from=${source()}`,
      maybe(odd, () => `FROM=${source()}`),
      maybe(0.2, () => 'ro'),
    ];
    const fields = parts.filter((part) => part !== '').map((part) => (random() < odd ? `"${part}"` : part));
    if (random() < 0.2) fields.reverse();
    return mangled(`--mount=${fields.join(',')}`);
  };
  const heredoc = (): string => {
    const name = pick(['EOF', 'X', 'E-1']);
    const written = usual(
      [name, `"${name}"`, `-${name}`],
      [name, `"${name}"`, `'${name}'`, `-${name}`, ` ${name}`, `\\${name}`, `${name}$V`, name + braced('V:-x')],
    );
    const body = pick(['FROM evil.test/x\n', 'COPY --from=evil.test/y /a /b\n', 'text\n', '']);
    const end = usual([name], [`${name}\r`, `\t${name}`, ` ${name}`, `${name}\r\r`]);
    return `${usual(['RUN ', 'RUN cat ', 'RUN 3', 'ONBUILD RUN '], ['COPY ', 'ADD ', 'RUN echo "', 'RUN echo x', 'ENV A=', 'RUN ["a"] ', `RUN ${braced('V:-x')}`])}<<${written}${usual(['', ' /x', ' && true'], [' <<Y'])}\n${body}${end}\n${maybe(0.1, () => 'Y\n')}`;
  };
  const copy = (): string =>
    `COPY${blank()}${maybe(0.3, () => '--link ')}${mangled(`--from=${source()}`)}${blank()}/a${blank()}/b`;
  const run = (): string =>
    `${pick(['RUN', 'run', 'Run'])}${blank()}${maybe(0.7, mount)}${maybe(0.2, () => ` ${mount()}`)}${blank()}make`;
  const other = (): string =>
    pick([
      'ENV A=b',
      'ARG V=inner',
      'WORKDIR /',
      'LABEL a="b c"',
      'CMD ["x"]',
      'USER a',
      'RUN ["a", "b"]',
      usual(['RUN a'], ['NOPE x', 'RUN echo \\\\']),
    ]);
  const body = (): string => {
    const kind = random();
    if (kind < 0.25) return copy() + end();
    if (kind < 0.45) return run() + end();
    if (kind < 0.6) return heredoc();
    if (kind < 0.7) return `ONBUILD${blank()}${pick([copy, run, other])()}${end()}`;
    return other() + end();
  };
  const from = (i: number): string => {
    const name = maybe(
      0.6,
      () => `${blank()}${pick(['AS', 'as', 'aS'])}${blank()}${pick(['build', 'Build', 'tools', 'last', `s${i}`])}`,
    );
    const platform = maybe(
      0.15,
      () =>
        ` ${mangled(pick(['--platform=linux/amd64', '--platform=$BUILDPLATFORM', `--platform=${braced('TARGETPLATFORM')}`]))}`,
    );
    return `${pick(['FROM', 'FROM', 'from', ' FROM'])}${platform}${blank()}${i > 0 && random() < 0.4 ? pick(['build', 'tools', 'last', 'Build', '0']) : image()}${name}${end()}`;
  };
  const head = usual(
    ['', '# escape=`\n', '# syntax=docker/dockerfile:1\n'],
    [
      '# escape=`\n',
      '# escape=\\\n',
      '#syntax=docker/dockerfile:1\n',
      '# note\n# escape=`\n',
      '# check=skip=all\n',
      '\ufeff',
      '#!/bin/x\n# syntax = a.test/f:1 x\n',
      ' # syntax=a.test/f\n',
      '\n# syntax=a.test/f\n',
      '// syntax=a.test/f\n',
    ],
  );
  const args = maybe(
    0.5,
    () =>
      `ARG${blank()}${maybe(odd, () => '--x ')}${pick(['V=alpine', 'V="alpine"', "V='a b'", 'V', 'V=$W', `V=${braced('TARGETARCH')}`, `V=alpine W=${braced('V')}`, 'TARGETARCH=x'])}${end()}`,
  );
  const count = 1 + Math.floor(random() * 3);
  const blocks = Array.from(
    { length: count },
    (_, i) => from(i) + Array.from({ length: Math.floor(random() * 4) }, body).join(''),
  );
  return {
    text: head + args + blocks.join(''),
    buildArgs: pick<Record<string, string>>([{}, {}, { V: 'given' }, { TARGETARCH: 'given' }]),
    target: pick(['', '', '', 'build', 'last']),
    platform: pick(['linux/amd64', 'linux/arm64']),
  };
}
