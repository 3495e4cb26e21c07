// Words that readers stumble over, and what to write instead. A phrase comes in here when the last place that had it is gone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  [/\b(?:are|be|been|not) told\b|\btold of\b/, 'reported, stated, identified'],
  [/\bstands? in (?!for\b|place of\b|the way\b)/i, 'is in, appears in'],
  // "There is no such file" is plain English.
  [
    /(?<!\bthere )\b(?:is|are) no (?!answer|DNS|less|longer|match|more|need|older|later|one|other|room|such|telling|two)/i,
    'is not a',
  ],
  [/\bheals?\b(?!th)/, 'repair'],
  [/\bnobody\b/i, 'no one, or name the actor'],
  [/\b(?:that|which|it|and) (?:is|are) none\b/, 'is invalid, is not a …'],
  [/\bcould not be had\b|\bcannot be had\b/, 'could not be obtained'],
  [/\bstands? twice\b/, 'appears twice'],
  [/\b(?:list|array|object) of texts?\b/, 'of strings'],
  [/\bhalf a (?:secret|password|pair|file|surrogate|key)\b|\bhalf of a file\b/, 'truncated, partial'],
  // "The owner of its own key" is plain English; "a key of its own," is "its own key,".
  [/\ban? [\w-]+ of (?:its|their|our) own\b(?=[.,;:)]| (?:and|that|which|in|for|with|or|where|as)\b)/, 'its own …'],
];

/** Sources below a folder, without tests. */
function sourcesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}

const documents = ['.changeset', 'docs', 'docs/decisions', 'docs/guides'];

/** Sources without tests, what is written about them, and the examples. */
function texts(): string[] {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map(({ name }) => join(parent, name)),
  );
  const written = [...documents, ...folders].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  const sources = folders.flatMap((folder) => sourcesBelow(join(folder, 'src')));
  return [...sources, ...written, 'examples/README.md', 'README.md', 'CONTRIBUTING.md'];
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
