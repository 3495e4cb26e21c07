/** A ratio that a benchmark printed. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly better: 'more' | 'less';
}

/** Several rounds of one ratio. */
export interface Gathered {
  readonly better: 'more' | 'less';
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function ratiosIn(text: string): Ratio[];
export function gather(rounds: readonly (readonly Ratio[])[]): Record<string, Gathered>;
export function fallen(baseline: Record<string, Gathered>, today: Record<string, Gathered>): string[];
