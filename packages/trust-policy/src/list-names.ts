import { quote } from '@notarykit/common/internal';

const mostShown = 10;

/** Names for a message that says what there is: the first ten, quoted, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const more = names.length > mostShown ? ` and ${names.length - mostShown} more` : '';
  return `${names.slice(0, mostShown).map(quote).join(', ')}${more}`;
}
