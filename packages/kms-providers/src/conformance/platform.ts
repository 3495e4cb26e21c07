/** What the cases use of Node.js, where they run in it; elsewhere they look at less. */
export interface NodePlatform {
  readonly process: NodeJS.Process;
  readonly util: typeof import('node:util');
  readonly asyncHooks: typeof import('node:async_hooks');
}

/** The platform's own modules, without an import that another platform would stumble over. */
export function nodePlatform(): NodePlatform | undefined {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (process?.getBuiltinModule === undefined) return undefined;
  return {
    process,
    util: process.getBuiltinModule('node:util'),
    asyncHooks: process.getBuiltinModule('node:async_hooks'),
  };
}
