/** A difference from notation that is meant, as docs/parity.md names it. */
export interface Row {
  /** Short; unique in its table. */
  readonly id: string;
  readonly notation: string;
  readonly here: string;
  readonly why: string;
  /** Whether we refuse what they accept, accept what they refuse, or both refuse under another name. */
  readonly side: 'stricter' | 'tolerant' | 'named';
  /** What our reason says whenever the row holds (stricter). */
  readonly ours?: RegExp;
  /** What theirs says whenever the row holds (tolerant). */
  readonly theirs?: RegExp;
  /** Holds for cases alone that name it: their reason would fit a hole just as well. */
  readonly named?: true;
  /** The test that shows it, for what no case of the differential can: `path: words of its name`. */
  readonly shown?: string;
}
