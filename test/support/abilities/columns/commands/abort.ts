import { access } from 'node:fs/promises';
import { createRegistry } from '@notarykit/registry-client';
import { expect } from 'vitest';
import { forward, startScriptedProxy } from '../../../scripted-proxy.js';
import { runToolIn } from '../../command-line.js';
import { networked, newPath, scratch, trustedDocument } from '../../commands/networked.js';
import { bundleOf, recordOf } from '../../commands/offline.js';
import type { Setup } from '../../setup.js';
import type { Call, Column } from '../../table.js';

/** Looks that nothing is left that is half written. */
type Left = (setup: Setup, typed: readonly string[]) => Promise<void>;

/** Commands that write to a registry: they are interrupted when they begin to. */
const writing = ['sign', 'copy --verify', 'promote', 'summary attest', 'summary revoke'].map(
  (name) => `notarykit ${name}`,
);

/** The proxy interrupts the command and never answers: at the first write, or at the first list of referrers. */
async function interrupting(setup: Setup, isWriting: boolean) {
  const controller = new AbortController();
  const routes = { [setup.host]: Number(new URL(`http://${setup.host}`).port) };
  const proxy = await startScriptedProxy({
    answer(incoming, outgoing) {
      const { method = '', url = '' } = incoming;
      const isTime = isWriting ? !['GET', 'HEAD'].includes(method) : /\/(?:referrers|manifests)\/sha256/.test(url);
      if (isTime) controller.abort(new Error('somebody typed Ctrl+C'));
      else forward(incoming, outgoing, routes);
    },
  });
  return { proxy, signal: controller.signal };
}

const interrupted =
  (verb: string, words: (typeof networked)[string], left: Left): Call =>
  async (setup) => {
    const artifact = await scratch(setup);
    const typed = await words(setup, artifact);
    const { proxy, signal } = await interrupting(setup, writing.includes(verb));
    try {
      const surroundings = { document: trustedDocument(setup), signal };
      const { code, text } = await runToolIn(
        setup,
        surroundings,
        ...typed,
        '--proxy',
        `http://127.0.0.1:${proxy.port}`,
      );
      expect({ code, text }).toEqual({ code: 130, text: expect.stringContaining('somebody typed Ctrl+C') });
      await left(setup, typed);
    } finally {
      await proxy.close();
    }
  };

/** Nothing can be pulled by the tag that would have been set last. */
async function noTag(setup: Setup, typed: readonly string[]): Promise<void> {
  const { target, tag } = named(setup, typed);
  await expect(target.resolve(tag)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
}

/** The artifact has the two signatures that it came with, and nothing else. */
async function nothingAttached(setup: Setup, typed: readonly string[]): Promise<void> {
  const { target, tag } = named(setup, typed);
  const found = [];
  for await (const referrer of target.referrers(await target.resolve(tag))) found.push(referrer);
  expect(found).toHaveLength(2);
}

/** The artifact that was typed last. */
function named(setup: Setup, typed: readonly string[]) {
  const [, repository = '', tag = ''] = /^[^/]+\/(.+):(\w+)$/.exec(typed.at(-1) ?? '') ?? [];
  return { target: createRegistry({ registry: setup.host }).repository(repository), tag };
}

/** The file that would have been written is not there. */
async function noFile(_: Setup, typed: readonly string[]): Promise<void> {
  const path = typed[typed.findIndex((word) => ['--record', '--output'].includes(word)) + 1] ?? '';
  await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
}

const leftBy: Readonly<Record<string, Left>> = {
  'notarykit sign': nothingAttached,
  'notarykit summary attest': nothingAttached,
  'notarykit summary revoke': nothingAttached,
  'notarykit copy --verify': noTag,
  'notarykit promote': noTag,
  'notarykit audit': noFile,
  'notarykit bundle create': noFile,
};

const recording =
  (words: (typeof networked)[string]): (typeof networked)[string] =>
  async (setup, artifact) => {
    const [command = '', ...rest] = await words(setup, artifact);
    return [command, '--record', newPath(setup, 'jsonl'), ...rest];
  };

/** A command without a network, which has been given up when it begins. */
function given(group: string, command: string, fileOf: typeof bundleOf): Call {
  return async (setup) => {
    const document = trustedDocument(setup);
    const file = await fileOf(setup, document, `${setup.repository.name}:both`);
    const signal = AbortSignal.abort(new Error('somebody typed Ctrl+C'));
    expect(await runToolIn(setup, { document, signal }, group, command, file)).toMatchObject({ code: 130 });
  };
}

export const abortOfCommands: Column = {
  ability: 'abort',
  cells: {
    ...Object.fromEntries(
      Object.entries(networked).map(([verb, words]) => {
        const recorded = verb === 'notarykit audit' ? recording(words) : words;
        return [verb, interrupted(verb, recorded, leftBy[verb] ?? (async () => undefined))];
      }),
    ),
    'notarykit bundle verify': given('bundle', 'verify', bundleOf),
    'notarykit policy simulate': given('policy', 'simulate', recordOf),
  },
};
