import { type NodePlatform, nodePlatform } from './platform.js';

/** What some work did besides its result. */
export interface Traces {
  /** What it wrote, and by what. */
  readonly output: readonly string[];
  /** Names of environment variables that it changed. */
  readonly environment: readonly string[];
  /** Events of the process that have more listeners than before. */
  readonly listeners: readonly string[];
}

/**
 * Does some work and watches the console, both output streams and the environment. Only what the work itself writes counts:
 * the runner may write at the same time.
 */
export async function watchTraces(work: () => Promise<unknown>): Promise<Traces> {
  const output: string[] = [];
  const node = nodePlatform();
  const own = node === undefined ? undefined : new node.asyncHooks.AsyncLocalStorage<true>();
  const note = (by: string): void => {
    if (own === undefined || own.getStore() === true) output.push(by);
  };
  const before = { ...node?.process.env };
  const heard = listenersOf(node);
  const restore = [...spyOnConsole(note), ...(node === undefined ? [] : spyOnStreams(node, note))];
  try {
    await (own === undefined ? work() : own.run(true, work));
  } finally {
    for (const undo of restore) undo();
  }
  const after = { ...node?.process.env };
  const environment = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  const listeners = [...listenersOf(node)]
    .filter(([name, count]) => count > (heard.get(name) ?? 0))
    .map(([name]) => name);
  return { output: [...new Set(output)], environment, listeners };
}

function listenersOf(node: NodePlatform | undefined): ReadonlyMap<string, number> {
  const names = node?.process.eventNames() ?? [];
  return new Map(names.map((name) => [String(name), node?.process.listenerCount(name as 'exit') ?? 0]));
}

type Undo = () => void;
type Writer = (...args: never[]) => unknown;

function spy<K extends string>(target: Record<K, Writer>, name: K, seen: () => void): Undo {
  const original = target[name];
  target[name] = (...args) => {
    seen();
    return original.apply(target, args);
  };
  return () => {
    target[name] = original;
  };
}

function spyOnConsole(note: (by: string) => void): Undo[] {
  const names = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
  return names.map((name) => spy(console as unknown as Record<string, Writer>, name, () => note(`console.${name}`)));
}

function spyOnStreams({ process }: NodePlatform, note: (by: string) => void): Undo[] {
  return (['stdout', 'stderr'] as const).map((name) =>
    spy(process[name] as unknown as Record<'write', Writer>, 'write', () => note(`process.${name}`)),
  );
}

/**
 * Does some work and counts the signatures that it makes itself, by WebCrypto or `node:crypto`; a service counts its own
 * (option `signed`).
 */
export async function watchSignatures(work: () => Promise<unknown>): Promise<number> {
  const node = nodePlatform();
  const own = node === undefined ? undefined : new node.asyncHooks.AsyncLocalStorage<true>();
  let count = 0;
  const seen = (): void => {
    if (own === undefined || own.getStore() === true) count++;
  };
  const native = node?.process.getBuiltinModule('node:crypto') as unknown as
    | Record<'sign' | 'createSign', Writer>
    | undefined;
  const restore = [
    spy(crypto.subtle as unknown as Record<'sign', Writer>, 'sign', seen),
    ...(native === undefined ? [] : [spy(native, 'sign', seen), spy(native, 'createSign', seen)]),
  ];
  node?.process.getBuiltinModule('node:module').syncBuiltinESMExports();
  try {
    await (own === undefined ? work() : own.run(true, work));
  } finally {
    for (const undo of restore) undo();
    node?.process.getBuiltinModule('node:module').syncBuiltinESMExports();
  }
  return count;
}

/** The platform's own `fetch` keeps its listeners until it is collected, and holds them weakly. */
const isOfPlatform = (stack: string | undefined): boolean => stack?.split('\n')[2]?.includes('node:internal') === true;

/** How many listeners of a signal are left of those that are added from now on, by others than the platform. */
export function watchListeners(signal: AbortSignal): () => number {
  const left = new Map<unknown, number>();
  const change = (listener: unknown, by: number): void =>
    void left.set(listener, Math.max(0, (left.get(listener) ?? 0) + by));
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener(...args: Parameters<AbortSignal['addEventListener']>) {
      if (!isOfPlatform(new Error().stack)) change(args[1], 1);
      addEventListener.apply(signal, args as never);
    },
    removeEventListener(...args: Parameters<AbortSignal['removeEventListener']>) {
      change(args[1], -1);
      removeEventListener.apply(signal, args as never);
    },
  });
  return () => [...left.values()].reduce((sum, count) => sum + count, 0);
}

/**
 * Does some work and catches unhandled rejections, also shortly afterwards. The runner's own listeners are set
 * aside meanwhile: the case reports what it finds.
 */
export async function watchRejections(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const node = nodePlatform();
  if (node === undefined) {
    await work();
    return [];
  }
  const { process } = node;
  const found: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  const note = (reason: unknown): void => void found.push(reason);
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    process.off('unhandledRejection', note);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  return found;
}

/** Everything that a person or a log could see of a value. */
export function everythingShownOf(value: unknown): string {
  const { util } = nodePlatform() ?? {};
  const shown = util?.inspect(value, { depth: 9, showHidden: true, maxStringLength: 100_000 }) ?? '';
  const { message, stack } = (value ?? {}) as { message?: unknown; stack?: unknown };
  return [shown, json(value), String(message), String(stack)].join('\n');
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
