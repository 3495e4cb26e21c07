// The ratios that benchmarks print, and what became of them since `bench/baseline.json` was recorded. Times and sizes differ from
// machine to machine; a ratio of two measurements in one run differs less, and its noise is measured by running more than once.

/**
 * The ratios in what benchmarks print. A line is `name: figure what it is compared with (goal >= 1)`, with as many figures as goals; a
 * figure with a unit of time or size is not a ratio.
 *
 * @param {string} text
 * @returns {{ name: string, value: number, better: 'more' | 'less' }[]}
 */
export function ratiosIn(text) {
  return text.split('\n').flatMap((line) => {
    const [, name, rest] = /^([a-z][\w.-]*): (.*)$/.exec(line) ?? [];
    return name === undefined ? [] : segmentsOf(rest).flatMap((segment) => ratioOf(name, segment));
  });
}

const unit = String.raw` ?(?:(?:ms|us|s|MiB|MB|KiB|kB)\b|%|/s)`;
const goal = new RegExp(String.raw`(.*?)\(goal (<=|>=|<|>) ?[\d.,]+(?![\d.,])(${unit})?[^)]*\)`, 'g');
const figure = new RegExp(String.raw`(?<![\w.])(\d+\.\d+)(?![\d.])(?!${unit})`);

/** What is before each goal, with the direction of the goal; goals in a unit are not for ratios. */
function segmentsOf(rest) {
  return [...rest.matchAll(goal)]
    .filter(([, , , found]) => found === undefined)
    .map(([, text, sign]) => ({ text, sign }));
}

function ratioOf(name, { text, sign }) {
  const found = figure.exec(text);
  if (found === null) return [];
  const before = text.slice(0, found.index).replace(/^;\s*/, '').split(/[,;]/).at(-1).trim();
  const after = text
    .slice(found.index + found[0].length)
    .split(/[,;]/)[0]
    .trim();
  const words = [before, after].filter((part) => part !== '').join(' ');
  const better = sign.startsWith('>') ? 'more' : 'less';
  return [{ name: words === '' ? name : `${name} ${words}`, value: Number(found[0]), better }];
}

/**
 * Several rounds of the same ratios together: the middle one, and how far they were apart.
 *
 * @param {ReturnType<typeof ratiosIn>[]} rounds
 * @returns {Record<string, { better: 'more' | 'less', value: number, low: number, high: number }>}
 */
export function gather(rounds) {
  const values = new Map();
  for (const { name, value, better } of rounds.flat()) {
    const known = values.get(name) ?? { better, all: [] };
    known.all.push(value);
    values.set(name, known);
  }
  return Object.fromEntries(
    [...values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { better, all }]) => {
        const sorted = all.sort((a, b) => a - b);
        return [name, { better, value: sorted[sorted.length >> 1], low: sorted[0], high: sorted.at(-1) }];
      }),
  );
}

/**
 * What fell: a ratio is worse in every round of today than in every round of the baseline. What rounds differ by is noise.
 *
 * @param {ReturnType<typeof gather>} baseline
 * @param {ReturnType<typeof gather>} today
 * @returns {string[]}
 */
export function fallen(baseline, today) {
  return Object.entries(today).flatMap(([name, now]) => {
    const then = baseline[name];
    if (then === undefined) return [];
    const worse = now.better === 'more' ? now.high < then.low : now.low > then.high;
    return worse ? [`fell: ${name}: ${rangeOf(now)}, baseline ${rangeOf(then)}`] : [];
  });
}

const rangeOf = ({ value, low, high }) => `${value} (${low} to ${high})`;
