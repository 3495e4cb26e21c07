import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { imagesOf, type Node, type Pull, pull, setUpNode } from '../../support/verifier-node.js';

let program: Bundle;
let node: Node;
beforeAll(async () => {
  const entry = 'packages/containerd-verifier/src/notarykit-containerd-verifier.ts';
  [program, node] = await Promise.all([bundle(entry), setUpNode()]);
});
afterAll(() => Promise.all([program.remove(), node.close()]));

const signed = () => ({ name: `${imagesOf(node)}:signed`, descriptor: node.image.signed });
const unsigned = () => ({ name: `${imagesOf(node)}:unsigned`, descriptor: node.image.unsigned });
const run = (question: Pull) => pull(program.path, node, question);

describe('the program', () => {
  it('a signed image passes, with the reason in one line', async () => {
    const { code, stdout } = await run(signed());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^trusted: .*net-monitor@sha256:[0-9a-f]{64}, signed by .*, statement "lab"\n$/);
  });

  it('an unsigned image is refused, and the log says what to do', async () => {
    const { code, stdout, stderr } = await run(unsigned());
    expect([code, stdout]).toEqual([1, expect.stringContaining('ERR_TRUST_NO_SIGNATURE')]);
    expect(stderr).toMatch(/do: {2}sign the artifact.*\nmore: https:\S+\/errors\/ERR_TRUST_NO_SIGNATURE\n/);
  });

  it('its folder is the one that the environment names', async () => {
    const env = { NOTARYKIT_CONTAINERD_VERIFIER: join(node.folder, 'nowhere') };
    expect(await run({ ...signed(), env })).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('nowhere'),
      stderr: expect.stringMatching(/^more: https:\S+\/errors\/ERR_VERIFIER_SETTINGS\n$/),
    });
  });

  it('N3 a program whose work is left lying says no', async () => {
    const never = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      fs.lstat = () => new Promise(() => {}); syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(never)}` };
    expect(await run({ ...signed(), env })).toMatchObject({ code: 3, stdout: '' });
  });
});
