/**
 * Options of tsup for programs that run without `node_modules`: one file each, with all that they import, from sources, since the
 * packages' own builds may not have ended.
 *
 * @param {'node' | 'browser'} platform
 * @returns {import('tsup').Options & Required<Pick<import('tsup').Options, 'esbuildOptions'>>}
 */
export function bundled(platform) {
  // CommonJS packages in a file of ESM load what Node has built in by it. Under a name of its own: packages import `createRequire`, too.
  const from = 'import { createRequire as requireOfFile }';
  const require = `${from} from 'node:module'; const require = requireOfFile(import.meta.url);`;
  return {
    platform,
    external: [],
    noExternal: [/.*/],
    splitting: false,
    // `node:test` and a few others have no other name.
    removeNodeProtocol: false,
    ...(platform === 'node' ? { banner: { js: require } } : {}),
    esbuildOptions(options) {
      options.conditions = ['@notarykit/source', platform, 'import', 'module', 'default'];
    },
  };
}
