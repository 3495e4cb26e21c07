/** Counts and times of a gate, in the OpenMetrics text format. */
export interface Metrics {
  /** Adds one to a counter. */
  count(name: string, labels?: Readonly<Record<string, string>>): void;
  /** Records seconds in a histogram. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
  /** The text that a scraper reads. */
  render(): string;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Metrics of this process; label values must come from a closed set, so that the number of series is bounded. */
export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Histogram>>();
  return {
    count(name, labels = {}) {
      const series = entry(counters, name, () => new Map<string, number>());
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + 1);
    },
    observe(name, seconds, labels = {}) {
      const series = entry(histograms, name, () => new Map<string, Histogram>());
      const histogram = entry(series, labelText(labels), () => ({ counts: buckets.map(() => 0), sum: 0, count: 0 }));
      histogram.sum += seconds;
      histogram.count++;
      for (const [i, bound] of buckets.entries())
        if (seconds <= bound) histogram.counts[i] = (histogram.counts[i] ?? 0) + 1;
    },
    render() {
      return `${[...renderCounters(counters), ...renderHistograms(histograms), '# EOF'].join('\n')}\n`;
    },
  };
}

function entry<V>(map: Map<string, V>, key: string, create: () => V): V {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`,
    )
    .join(',');
}

const braces = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

function* renderCounters(counters: ReadonlyMap<string, ReadonlyMap<string, number>>): Generator<string> {
  for (const [name, series] of counters) {
    yield `# TYPE ${name} counter`;
    for (const [labels, value] of series) yield `${name}_total${braces(labels)} ${value}`;
  }
}

function* renderHistograms(histograms: ReadonlyMap<string, ReadonlyMap<string, Histogram>>): Generator<string> {
  for (const [name, series] of histograms) {
    yield `# TYPE ${name} histogram`;
    for (const [labels, { counts, sum, count }] of series) {
      const with_ = (le: string): string => `{${labels === '' ? '' : `${labels},`}le="${le}"}`;
      for (const [i, bound] of buckets.entries()) yield `${name}_bucket${with_(String(bound))} ${counts[i]}`;
      yield `${name}_bucket${with_('+Inf')} ${count}`;
      yield `${name}_sum${braces(labels)} ${sum}`;
      yield `${name}_count${braces(labels)} ${count}`;
    }
  }
}
