import { expect } from 'vitest';
import { startScriptedProxy } from '../../../scripted-proxy.js';
import { runToolIn } from '../../command-line.js';
import { networked, scratch, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import type { Call, Column } from '../../table.js';

/** The registry is asked through the proxy that the command line names. */
const throughProxy =
  (words: (typeof networked)[string]): Call =>
  async (setup) => {
    const typed = await words(setup, await scratch(setup));
    const proxy = await startScriptedProxy({ routes: { [setup.host]: Number(new URL(`http://${setup.host}`).port) } });
    try {
      const { code, text } = await runToolIn(
        setup,
        { document: trustedDocument(setup) },
        ...typed,
        '--proxy',
        `http://127.0.0.1:${proxy.port}`,
      );
      expect({ code, text }).toMatchObject({ code: 0 });
      expect(proxy.asked).toContainEqual(expect.stringContaining(` http://${setup.host}/v2/`));
    } finally {
      await proxy.close();
    }
  };

export const transportOfCommands: Column = {
  ability: 'transport',
  cells: {
    ...Object.fromEntries(Object.entries(networked).map(([verb, words]) => [verb, throughProxy(words)])),
    'notarykit bundle verify': notes.oneFile,
    'notarykit policy simulate': notes.oneFile,
  },
};
