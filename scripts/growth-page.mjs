// Writes docs/growth.md and docs/growth.svg from the results in bench/results/growth.json, which `bench:growth` records. Run by hand
// after it; a test compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '..');
export const resultsFile = resolve(root, 'bench/results/growth.json');
export const pageFile = resolve(root, 'docs/growth.md');
export const pictureFile = resolve(root, 'docs/growth.svg');

/** What was recorded. */
export const readResults = () => JSON.parse(readFileSync(resultsFile, 'utf8'));

/** The page of some results. */
export function pageOf({ machine, command, curves }) {
  const rows = curves.map((curve) => [
    `\`${curve.name}\``,
    curve.of,
    `${count(curve.points[0].size)} to ${count(curve.points.at(-1).size)}`,
    curve.exponent.toFixed(2),
    curve.last.toFixed(2),
    time(curve.points.at(-1).cpuMs),
    memory(curve.points.at(-1).peakMiB),
    refusalsOf(curve),
  ]);
  const points = curves.flatMap((curve) =>
    curve.points.map((point) => [
      `\`${curve.name}\``,
      count(point.size),
      time(point.cpuMs),
      time(point.wallMs),
      memory(point.beforeMiB),
      memory(point.peakMiB),
      factsOf(point),
    ]),
  );
  return `${head}
Measured by \`${command}\` on ${machine}.

![CPU time by size, both logarithmic, one panel for each curve](growth.svg)

${table(['curve', 'size counts', 'sizes', 'exponent', 'last two', 'CPU at the largest', 'peak memory', 'at the default limits'], rows)}
## Every measurement

${table(['curve', 'size', 'CPU', 'wall', 'memory before', 'peak memory', ''], points)}`;
}

const head = `# How cost grows

Written by \`scripts/growth-page.mjs\` from \`bench/results/growth.json\`.

How the CPU time of each kind of work grows with its size. The exponent is a fit by least squares over the logarithms of size and CPU time: 1 is a
straight line, 2 is quadratic, and the goal is at most 1.1. "Last two" is the exponent between the two largest sizes alone, where costs that are the
same at any size no longer hide growth. Each size runs in its own process. CPU time is that of all threads of the process; peak memory is the
most that was resident, with what was made ready before the work began. The registries of \`audit\` are in another process, those of other curves
in the same one. No test asserts a time: \`test/integration/costs\` counts calls instead.
`;

/** Where a size is beyond a default limit: how that refuses it. */
function refusalsOf({ points }) {
  const refused = points.filter((point) => point.refused !== undefined);
  if (refused.length === 0) return 'within';
  return `refuse ${refused.map(({ size, refused: code }) => `${count(size)}: \`${code}\``).join(', ')}`;
}

const factsOf = ({ facts = {} }) =>
  Object.entries(facts)
    .map(([name, value]) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ${name}`)
    .join(', ');

const count = (value) => value.toLocaleString('en-US');
const memory = (MiB) => `${Math.round(MiB)} MiB`;

function time(ms) {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 10) return `${ms.toFixed(0)} ms`;
  return ms >= 1 ? `${ms.toFixed(1)} ms` : `${(ms * 1000).toFixed(0)} us`;
}

function table(header, rows) {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(3, ...all.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`;
  return `${line(header)}${line(widths.map((width) => '-'.repeat(width)))}${rows.map(line).join('')}`;
}

const columns = 4;
const cell = { width: 230, height: 180 };
const plot = { left: 44, right: 14, top: 34, bottom: 30 };

/** The picture of some results: a panel for each curve, with a straight line through its largest size. */
export function pictureOf({ curves }) {
  const width = columns * cell.width;
  const height = Math.ceil(curves.length / columns) * cell.height;
  const panels = curves.map((curve, i) =>
    panelOf(curve, (i % columns) * cell.width, Math.floor(i / columns) * cell.height),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="10">
<title>CPU time by size, both logarithmic; dashed: a straight line, exponent 1</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}

function panelOf({ name, points, exponent }, x, y) {
  const area = { width: cell.width - plot.left - plot.right, height: cell.height - plot.top - plot.bottom };
  const sizes = scale(
    points.map(({ size }) => size),
    area.width,
  );
  const last = points.at(-1);
  const ideal = points.map(({ size }) => (last.cpuMs * size) / last.size);
  const costs = scale([...points.map(({ cpuMs }) => cpuMs), ideal[0]], area.height);
  const place = (size, cpuMs) => `${sizes(size).toFixed(1)},${(area.height - costs(cpuMs)).toFixed(1)}`;
  const dots = points.map(({ size, cpuMs }) => {
    const [cx, cy] = place(size, cpuMs).split(',');
    return `<circle cx="${cx}" cy="${cy}" r="2.5" fill="#0b5fa5"/>`;
  });
  const ends = [points[0], last].map(
    ({ size, cpuMs }, i) =>
      `<text x="${i === 0 ? 0 : area.width}" y="${area.height + 16}" text-anchor="${i === 0 ? 'start' : 'end'}" fill="#444">${count(size)}</text>` +
      `<text x="-6" y="${(area.height - costs(cpuMs) + 3).toFixed(1)}" text-anchor="end" fill="#444">${time(cpuMs)}</text>`,
  );
  return `<g transform="translate(${x + plot.left},${y + plot.top})">
<text x="0" y="-12" font-size="12" font-weight="bold" fill="#111">${name}</text><text x="${area.width}" y="-12" text-anchor="end" fill="#111">${exponent.toFixed(2)}</text>
<path d="M0,0V${area.height}H${area.width}" fill="none" stroke="#999"/>
<polyline points="${place(points[0].size, ideal[0])} ${place(last.size, last.cpuMs)}" fill="none" stroke="#999" stroke-dasharray="4 3"/>
<polyline points="${points.map(({ size, cpuMs }) => place(size, cpuMs)).join(' ')}" fill="none" stroke="#0b5fa5" stroke-width="1.5"/>
${dots.join('')}
${ends.join('')}
</g>`;
}

/** Positions from 0 to a length, by the logarithm. */
function scale(values, length) {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => (high === low ? 0 : ((Math.log(value) - low) / (high - low)) * length);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = readResults();
  writeFileSync(pageFile, pageOf(results));
  writeFileSync(pictureFile, pictureOf(results));
}
