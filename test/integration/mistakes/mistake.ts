import { isCodedError } from '@notarykit/common';
import { explain, TrustError } from '@notarykit/trust-policy';
import { describe, expect, test } from 'vitest';

/** Facts that the message about a mistake must contain. The words may change; the facts must be there. */
export interface Facts {
  /** The statement, member, file, store, host or certificate. */
  readonly where?: string;
  readonly expected?: string;
  readonly found?: string;
  /** The member, option, function or word that the way out is known by. */
  readonly remedy?: string;
}

/** A plausible mistake, and what the message must say. */
export interface Mistake extends Facts {
  readonly name: string;
  readonly code: string;
  readonly make: () => unknown;
}

async function errorOf(make: () => unknown): Promise<unknown> {
  try {
    await make();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

/** The message, and the explanation of the report where there is one; not the causes, which nobody is shown. */
function reported(error: unknown): string {
  const { message } = error as Error;
  return error instanceof TrustError && error.report !== undefined ? `${message}\n${explain(error.report)}` : message;
}

const parts = ['where', 'expected', 'found', 'remedy'] as const;

function factsIn(text: string, wanted: Facts): Facts {
  return Object.fromEntries(
    parts.flatMap((part) => (wanted[part] !== undefined && text.includes(wanted[part]) ? [[part, wanted[part]]] : [])),
  );
}

/** One test for each mistake. */
export function tellMistakes(title: string, mistakes: readonly Mistake[]): void {
  describe(title, () => {
    test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))('%s', async (_, mistake) => {
      const error = await errorOf(mistake.make);
      if (process.env['MISTAKES'] !== undefined)
        console.log(mistake.name, '=>', (error as { code?: string }).code, reported(error));
      const code = isCodedError(error) ? error.code : `no code: ${error}`;
      const { where, expected, found, remedy } = mistake;
      const wanted = Object.fromEntries(
        Object.entries({ where, expected, found, remedy }).filter(([, fact]) => fact !== undefined),
      );
      const text = reported(error);
      expect({ code, ...factsIn(text, wanted) }, text).toEqual({ code: mistake.code, ...wanted });
    });
  });
}
