// Words that readers stumble over, and what to write instead. A phrase comes in here when the last place that had it is gone.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const instead: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bis no text\b/, 'is not a string'],
  [/\basked was\b/, 'was requested'],
  [/\bno end within\b/, 'timed out after'],
  [/\bnot one by the\b/, 'does not match'],
  [/\bhalf (?:of )?a character\b|\bhalf of one\b(?=')/, 'lone surrogate'],
  [/\bis none of (?:this|these|those|what|the)\b/, 'is not one of'],
  [/\bto be told from\b|\bis told from\b/, 'differs from'],
  [/\bwhoever\b/i, 'the caller, anyone who, a reader that'],
  [/\bis told\b/, 'is reported, is called, gets'],
  [/\btold apart\b/, 'distinguished'],
  [/\bstands? in (?!for\b|place of\b|the way\b)/i, 'is in, appears in'],
  // "There is no such file" is plain English.
  [
    /(?<!\bthere )\b(?:is|are) no (?!answer|DNS|less|longer|match|more|need|older|later|one|other|room|such|telling|two)/i,
    'is not a',
  ],
  [/\bheals?\b(?!th)/, 'repair'],
];

/** Sources without tests, and the documents for users. */
function texts(): string[] {
  const sources = readdirSync(join(root, 'packages')).flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => join('packages', name, 'src', path)),
  );
  const readmes = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md'));
  const documents = ['docs', 'docs/guides'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return [...sources, ...readmes, 'README.md', 'CONTRIBUTING.md', ...documents];
}

it('sources, READMEs and documents use none of these phrases', () => {
  const found = texts().flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        instead.filter(([phrase]) => phrase.test(line)).map(([, better]) => `${path}:${i + 1}: write "${better}"`),
      ),
  );
  expect(found).toEqual([]);
});
