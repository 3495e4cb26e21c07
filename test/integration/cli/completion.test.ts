import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../packages/cli/src/commands/index.js';
import { runHere } from '../../support/run-here.js';

const names = ['bash', 'zsh', 'fish'] as const;
const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-completion-'));
  for (const name of names) await writeFile(join(folder, name), (await runHere(['completion', name])).stdout);
});
afterAll(() => rm(folder, { recursive: true }));

/** What is typed, the last word unfinished, and some of what is offered for it; `[]`: nothing, so that a shell may offer files. */
const typed: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['si'], ['sign']],
  [['b'], ['blob', 'bundle']],
  [
    ['blob', ''],
    ['sign', 'verify', 'inspect'],
  ],
  [['blob', 'v'], ['verify']],
  [['manifest', 'f'], ['fetch']],
  [['cp', '--from-u'], ['--from-username']],
  [['tag-update', '--if'], ['--if-match']],
  [
    ['promote', '--sign-in', ''],
    ['source', 'target'],
  ],
  [['verify', '--format', 'j'], ['json']],
  [
    ['--format', 't'],
    ['text', 'tree'],
  ],
  [
    ['sign', '--key-p'],
    ['--key-password-file', '--key-password-stdin'],
  ],
  [['sign', '--key-file', 'k'], []],
  [['sign', 'registry.example.com/a'], []],
];

/** What a shell prints for each line, one line each. */
const lines = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .slice(0, typed.length)
    .map((line) => line.split(' ').filter((word) => word !== ''));

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

function expectOffers(offered: readonly (readonly string[])[]): void {
  for (const [i, [words, wanted]] of typed.entries()) {
    if (wanted.length === 0) expect(offered[i], words.join(' ')).toEqual([]);
    else expect(offered[i], words.join(' ')).toEqual(expect.arrayContaining([...wanted]));
  }
}

describe('completions', () => {
  it('bash offers what may come next', () => {
    const tries = typed.map(
      ([words]) =>
        `COMP_WORDS=(notarykit ${quoted(words)}) COMP_CWORD=${words.length}; _notarykit 2>/dev/null; echo "\${COMPREPLY[@]}"`,
    );
    const script = `source '${join(folder, 'bash')}'\n${tries.join('\n')}`;
    expectOffers(lines(execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })));
  });

  it.skipIf(!isInstalled('zsh'))('zsh offers what may come next', () => {
    const stubs = `compdef() {}; _files() {}; _message() {}
compadd() { print -rn -- "\${@[2,-1]} " }
_describe() { local list=\${@[-1]}; for one in "\${(@P)list}"; do print -rn -- "\${\${one%%:*}} "; done }`;
    const tries = typed.map(
      ([words]) => `words=(notarykit ${quoted(words)}) CURRENT=${words.length + 1}; _notarykit; print`,
    );
    const script = `${stubs}\nsource '${join(folder, 'zsh')}'\n${tries.join('\n')}`;
    expectOffers(lines(execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })));
  });

  it.skipIf(!isInstalled('fish'))('fish offers what may come next', () => {
    const tries = typed.map(
      ([words]) => `echo (complete -C "notarykit ${words.join(' ')}" | string replace -r '\\t.*' '')`,
    );
    const script = `source '${join(folder, 'fish')}'\n${tries.join('\n')}`;
    const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder };
    expectOffers(lines(execFileSync('fish', ['-N', '-c', script], { encoding: 'utf8', env, cwd: folder })));
  });

  it('every command and every option is in each script', async () => {
    for (const shell of names) {
      const { stdout } = await runHere(['completion', shell]);
      for (const { usage, options } of commands) {
        expect(stdout).toContain((usage.split(/ [<[]/)[0] ?? '').split(' ').at(-1));
        for (const option of Object.keys(options)) expect(stdout).toContain(option);
      }
    }
  });

  it('another shell is refused', async () => {
    expect(await runHere(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
  });
});
