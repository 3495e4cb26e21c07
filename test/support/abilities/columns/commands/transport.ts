import { expect } from 'vitest';
import { startScriptedProxy } from '../../../scripted-proxy.js';
import { runToolIn } from '../../command-line.js';
import { networked, scratch, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import type { Call, Column } from '../../table.js';

/** The registry is asked through the proxy that the command line names. */
const throughProxy =
  (words: (typeof networked)[string]): Call =>
  async (world) => {
    const typed = await words(world, await scratch(world));
    const proxy = await startScriptedProxy({ routes: { [world.host]: Number(new URL(`http://${world.host}`).port) } });
    try {
      const { code, text } = await runToolIn(
        world,
        { document: trustedDocument(world) },
        ...typed,
        '--proxy',
        `http://127.0.0.1:${proxy.port}`,
      );
      expect({ code, text }).toMatchObject({ code: 0 });
      expect(proxy.asked).toContainEqual(expect.stringContaining(` http://${world.host}/v2/`));
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
