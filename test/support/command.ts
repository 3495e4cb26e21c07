import { type Bundle, bundle } from './bundle.js';

/**
 * The command `notarykit` as one file: bundled from its source, or the one that `NOTARYKIT_COMMAND` names. `pack:check` names the command
 * that it installed from the packages' archives.
 */
export async function commandProgram(): Promise<Bundle> {
  const path = process.env['NOTARYKIT_COMMAND'];
  if (path === undefined || path === '') return await bundle('packages/cli/src/notarykit.ts');
  return { path, remove: async () => undefined };
}
