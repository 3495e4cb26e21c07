// A recording of the demo: a cast (asciicast v2) with what was printed and when, and the picture and page that are made of it.
// `pnpm demo:record` records; test/integration/examples/wabbit-networks.test.ts holds it against the demo of today.
import { resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../docs');
export const files = { cast: `${docs}/demo.cast`, picture: `${docs}/demo.svg`, page: `${docs}/demo.md` };

const columns = 100;
const rows = 28;

/** The text of a cast. @param events - seconds since the beginning, and what was printed then */
export function castOf(events) {
  const head = { version: 2, width: columns, height: rows, title: 'pnpm demo' };
  const lines = events.map(([at, text]) => JSON.stringify([Number(at.toFixed(3)), 'o', text.replaceAll('\n', '\r\n')]));
  return `${[JSON.stringify(head), ...lines].join('\n')}\n`;
}

/** The events of a cast. */
export function eventsOf(cast) {
  const [, ...lines] = cast.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line)).map(([at, , text]) => [at, text.replaceAll('\r\n', '\n')]);
}

/** All that a cast shows. */
export const textOf = (cast) =>
  eventsOf(cast)
    .map(([, text]) => text)
    .join('');

/** The chapters and steps of what the demo prints, without what differs from run to run: digests and ports. */
export function stepsOf(text) {
  return text
    .split('\n')
    .filter((line) => /^(?: {2})?[^\s|=]/.test(line))
    .map((line) =>
      line
        .trim()
        .replaceAll(/sha256:[0-9a-f]+/g, 'sha256:…')
        .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1'),
    );
}

/** Lines as a terminal wraps them, each with the time of its line, slow enough to be read. */
function shownRows(cast) {
  const shown = [];
  let [clock, before] = [0, 0];
  for (const [at, text] of eventsOf(cast)) {
    clock += Math.min(at - before, longestPauseS);
    before = at;
    for (const line of text.replace(/\n$/, '').split('\n')) {
      clock += perLineS;
      for (const row of wrapped(line)) shown.push({ at: clock, row, style: styleOf(line) });
    }
  }
  return shown;
}

const longestPauseS = 1.5;
const perLineS = 0.2;
const atTheEndS = 6;

const wrapped = (line) => (line === '' ? [''] : (line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? []));

const [rowHeight, rowWidth, margin] = [17, 7.8, 14];

/** The picture: a terminal whose lines move up. People who want no motion see its end. */
export function pictureOf(cast) {
  const shown = shownRows(cast);
  const total = (shown.at(-1)?.at ?? 0) + atTheEndS;
  const [width, height] = [columns * rowWidth + 2 * margin, rows * rowHeight + 2 * margin];
  const lines = shown.map(({ row, style }, index) => lineOf(row, style, (index + 1) * rowHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>What the demo prints, as text in docs/demo.md</title>
<style>
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #d8dee4; white-space: pre; }
.chapter { font-weight: bold; fill: #fff; } .yes { fill: #7ee2a0; } .no { fill: #ff9d94; }
#lines { transform: translateY(${offset(shown.length)}px); animation: lines ${total.toFixed(1)}s step-end infinite; }
@media (prefers-reduced-motion: reduce) { #lines { animation: none; } }
@keyframes lines {
${framesOf(shown, total)}
}
</style>
<clipPath id="screen"><rect x="0" y="${margin}" width="${width}" height="${rows * rowHeight}"/></clipPath>
<rect width="${width}" height="${height}" rx="8" fill="#15191e"/>
<g clip-path="url(#screen)"><g id="lines">
${lines.filter((line) => line !== '').join('\n')}
</g></g>
</svg>
`;
}

/** How far the lines are moved when `count` of them are there: the last one is at the bottom. */
const offset = (count) => margin + (rows - count) * rowHeight - 4;

/** A step of the movement for each moment at which lines were printed. */
function framesOf(shown, total) {
  const frames = [`0% { transform: translateY(${offset(0)}px) }`];
  for (const [index, { at }] of shown.entries())
    if (shown[index + 1]?.at !== at)
      frames.push(`${((100 * at) / total).toFixed(2)}% { transform: translateY(${offset(index + 1)}px) }`);
  return frames.join('\n');
}

function lineOf(row, style, y) {
  if (row.trim() === '') return '';
  return `<text x="${margin}" y="${y}"${style === undefined ? '' : ` class="${style}"`}>${escaped(row)}</text>`;
}

/** What a colour says, the words say too. */
const styles = [
  ['no', /\bis refused: |\bFAILED\b|Refused: |\| (?:DENY|RESCAN) /],
  ['yes', /\btrusted$|\bALLOW\b|\bis trusted\b|^verdict: /],
  ['chapter', /^[^\s|]/],
];

const styleOf = (line) => styles.find(([, pattern]) => pattern.test(line))?.[0];

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The page with the picture, and all of it as text. */
export function pageOf(cast) {
  return `# The demo

Written by \`pnpm demo:record\`, which runs \`pnpm demo\` and keeps what it prints. A test fails when the demo has other steps than this recording.

One artifact from the base image of its Dockerfile to production, with its own registries, key services and authorities, all in one process and
without a network: [the program](../examples/wabbit-networks/README.md), [what each step shows](story.md).

![The demo in a terminal: keys, build, deployment, five refusals](demo.svg)

\`docs/demo.cast\` in the repository is the recording itself, for players of asciicast version 2.

## As text

\`\`\`text
${textOf(cast).trim()}
\`\`\`
`;
}
