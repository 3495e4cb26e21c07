/** Size and cost of one measurement. */
export interface Point {
  readonly size: number;
  readonly cpuMs: number;
}

/** How fast a cost grows: the exponent of the size, by least squares over the logarithms. One is a straight line, two is quadratic. */
export function exponentOf(points: readonly Point[]): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ cpuMs }) => Math.log(cpuMs));
  const [mx, my] = [mean(x), mean(y)];
  const over = x.map((value, i) => (value - mx) * ((y[i] as number) - my));
  return sum(over) / sum(x.map((value) => (value - mx) ** 2));
}

/** The exponent between the two largest sizes: what is the same at any size hides growth among the small ones. */
export function lastExponentOf(points: readonly Point[]): number {
  return exponentOf(points.slice(-2));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
