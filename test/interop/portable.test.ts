import { describe, expect, test } from 'vitest';
import { expectedIn } from '../runtimes/expected.ts';
import { runtimes } from '../runtimes/list.mjs';
import { runIn } from '../runtimes/run.ts';

for (const runtime of runtimes.filter(({ stage }) => stage === 'interop'))
  describe(runtime.name, () => {
    test('the portable suite has the outcomes of every runtime', async () => {
      expect(await runIn(runtime)).toEqual(expectedIn(runtime));
    });
  });
