import { expect } from 'vitest';
import { runToolIn } from '../../command-line.js';
import { networked, scratch, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import type { Call, Column } from '../../table.js';

/** What the verbs tell that tell their progress themselves. */
const reported: Readonly<Record<string, string>> = {
  'notarykit audit': '1 of 1 artifacts',
  'notarykit copy --verify': 'done [####################]',
  'notarykit promote': 'gate under the policy production',
};

/** A line that replaces the one before, on a terminal and nowhere else. */
const onTerminal =
  (verb: string, words: (typeof networked)[string]): Call =>
  async (setup) => {
    const document = trustedDocument(setup);
    const run = async (live: boolean) => {
      const typed = await words(setup, await scratch(setup));
      return await runToolIn(setup, { document, live }, ...typed);
    };
    const { code, text } = await run(true);
    expect({ code, text }).toMatchObject({ code: 0 });
    const lines = text.split('\r\u001b[K');
    expect(lines).toContainEqual(
      reported[verb] === undefined
        ? expect.stringMatching(/^\d+ steps?, [a-z ]+ \S+\/\S+$/)
        : expect.stringContaining(reported[verb]),
    );
    expect((await run(false)).text).not.toContain('\u001b[K');
  };

export const progressOfCommands: Column = {
  ability: 'progress',
  cells: {
    ...Object.fromEntries(Object.entries(networked).map(([verb, words]) => [verb, onTerminal(verb, words)])),
    'notarykit bundle verify': notes.oneFile,
    'notarykit policy simulate': notes.oneFile,
  },
};
