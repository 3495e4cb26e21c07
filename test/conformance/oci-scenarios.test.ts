import { expect, it } from 'vitest';
import { vectorJson, vectorSet } from '../vectors.ts';
import { auth } from './scenarios/auth.ts';
import { graph } from './scenarios/graph.ts';
import { misc } from './scenarios/misc.ts';
import { referrers } from './scenarios/referrers.ts';
import type { Players } from './scenarios/setup.ts';
import { transport } from './scenarios/transport.ts';
import { upload } from './scenarios/upload.ts';

const players: Players = { ...referrers, ...graph, ...auth, ...transport, ...upload, ...misc };

interface Scenario {
  readonly id: string;
  readonly area: string;
  readonly server: string;
  readonly client: string;
}

/** Every behaviour of a registry, played by the embedded one over real sockets, and what our client makes of it. */
vectorSet('oci', 'oci', () => {
  const scenarios: Scenario[] = vectorJson('oci', 'scenarios.json').scenarios;

  it('scenarios.json and the players name the same scenarios', () => {
    expect(Object.keys(players).sort()).toEqual(scenarios.map((scenario) => scenario.id).sort());
  });

  for (const { id, area, server, client } of scenarios) {
    it(`${area}: ${id}: ${server} → ${client}`, async () => {
      const play = players[id];
      if (play === undefined) throw new Error(`nobody plays ${id}`);
      await play();
    });
  }
});
