import { createInterface } from 'node:readline';
import type { CallOptions } from '@notarykit/common/internal';
import { isNotFound } from '@notarykit/oci/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { keylessTargetOptions, nameOfTarget, onlyTargetOf, type Target } from '../shell/target.js';

export const manifestDeleteCommand: Command = {
  usage: 'manifest delete <reference>',
  aliases: ['remove', 'rm'],
  summary: 'Delete a manifest and with it all tags that point to it; what refers to it stays',
  options: {
    force: { type: 'boolean', short: 'f', help: 'do not ask for confirmation; a missing manifest is not an error' },
    ...keylessTargetOptions,
  },
  examples: ['manifest delete --force registry.example.com/net-monitor@sha256:…'],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference);
    const { repository } = target;
    if (repository.delete === undefined) throw new UsageError(`${repository.name} cannot delete`);
    const found = await find(target, args, call);
    if (found === undefined) {
      terminal.result({ deleted: null }, `missing ${reference}`);
      return exitCodes.trusted;
    }
    if (!args.flag('force') && !(await agrees(`${repository.name}@${found.digest}`))) {
      terminal.note('nothing was deleted');
      return exitCodes.failed;
    }
    await repository.delete(found, call);
    await target.save();
    terminal.result({ deleted: found.digest }, `deleted ${repository.name}@${found.digest}`);
    return exitCodes.trusted;
  },
};

async function find(target: Target, args: Arguments, call: CallOptions) {
  try {
    return await target.repository.resolve(nameOfTarget(target), call);
  } catch (error) {
    if (args.flag('force') && isNotFound(error)) return undefined;
    throw error;
  }
}

async function agrees(what: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new UsageError('there is no terminal to ask for confirmation: add --force');
  process.stderr.write(`Delete ${what} and all tags that point to it? [y/N] `);
  const lines = createInterface({ input: process.stdin });
  try {
    // The end of the input without an answer is a no.
    for await (const line of lines) return /^y(es)?$/i.test(line);
    return false;
  } finally {
    lines.close();
  }
}
