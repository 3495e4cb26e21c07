import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** Rows that must be there, by a word of each. */
const rows = [
  'Offline signature',
  'vendor, certifier and user',
  'unchanged by signing',
  'referrers API and tag schema',
  'Air-gap',
  'Copy within a registry',
  'Copy across registries',
  'policy files',
  'key service',
  'Files and directories',
  'Late tag',
  'Push by digest',
  'Private network',
  'Dockerfile',
  'layers of the verified base',
  'in a build',
  'Policy management',
  'SBOM and scan',
  'four criteria',
  'stale',
  'production key',
  'Revocation',
  'Timestamps',
];

const table = (await readFile('docs/story.md', 'utf8'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && /`(?:examples|actions)\//.test(line))
  .map((line) => {
    const [row = ''] = line.slice(2).split(' | ');
    const [file = '', step = '', test = ''] = [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    return { row: row.trim(), file, step, test };
  });

describe('the story', () => {
  it('has a row for everything that users ask for', () => {
    expect(table).toHaveLength(rows.length);
    for (const word of rows) expect(table.filter(({ row }) => row.includes(word))).toHaveLength(1);
  });

  it.each(table)(
    '$row: $step is there, runs in its program, and the program in its test',
    async ({ file, step, test }) => {
      const [, example = ''] = /^(examples\/[^/]+|actions)\//.exec(file) ?? [];
      const source = await readFile(file, 'utf8');
      expect(source).toMatch(new RegExp(`\\b${step}\\b`));
      if (new RegExp(`^export .*\\b${step}\\b`, 'm').test(source)) {
        const users = await sourcesOf(`${example}/src`);
        expect(users.filter(([path, text]) => path !== file && new RegExp(`\\b${step}\\b`).test(text))).not.toEqual([]);
      }
      expect(await readFile(test, 'utf8')).toMatch(programOf(example, file));
    },
  );
});

/** How a test runs the program: the file of an example, or the step of an action, which is in `src` by its name. */
function programOf(example: string, file: string): RegExp {
  const [, action = ''] = /^actions\/src\/([^/]+)\//.exec(file) ?? [];
  return example === 'actions'
    ? new RegExp(`\\bstep\\('${action}',`)
    : new RegExp(`'${example}/(?:src|dist)/main\\.[tj]s'`);
}

async function sourcesOf(folder: string): Promise<(readonly [path: string, text: string])[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return Promise.all(
    files.map(async (name) => [`${folder}/${name}`, await readFile(`${folder}/${name}`, 'utf8')] as const),
  );
}
