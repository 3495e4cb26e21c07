import { decodeUtf8 } from '@notarykit/common/internal';
import { diffTrustPolicies, parseAnyTrustPolicy } from '@notarykit/trust-policy/internal';
import type { Arguments } from './command.js';
import { editFile, readParsed } from './files.js';
import type { OptionSpec } from './option-spec.js';
import { policyPath } from './policy-file.js';
import type { Terminal } from './terminal.js';

/** Options of commands that change the policy of this machine. */
export const editOptions: Readonly<Record<string, OptionSpec>> = {
  'dry-run': { type: 'boolean', help: 'say what would change, and write nothing' },
};

/** Changes the policy of this machine in place, and says what that means. A result that breaks a rule is not written. */
export async function editPolicy(
  args: Arguments,
  terminal: Terminal,
  edit: (document: string) => string,
): Promise<number> {
  const path = await policyPath();
  const change = async () => {
    // Strictly: what is replaced while it is decoded would be written back.
    const before = await readParsed(path, decodeUtf8);
    const text = edit(before);
    return { text, differences: diffTrustPolicies(parseAnyTrustPolicy(before), parseAnyTrustPolicy(text)) };
  };
  const dry = args.flag('dry-run');
  const { differences } = dry ? await change() : await editFile(path, change);
  const lines = differences.map(({ effect, message }) => `${effect}: ${message}`);
  const said = dry ? `nothing is written; ${path} would say:` : `wrote ${path}`;
  terminal.result({ path, written: !dry, differences }, [said, ...lines].join('\n'));
  return 0;
}
