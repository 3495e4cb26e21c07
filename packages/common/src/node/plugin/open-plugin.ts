import { basename, join } from 'node:path';
import { utf8 } from '../../bytes.js';
import { createLimiter } from '../../concurrency.js';
import { untilAborted } from '../../deadline.js';
import { defined } from '../../defined.js';
import { quote } from '../../errors.js';
import { isJsonObject, parseJson } from '../../json.js';
import type { JsonObject } from '../../json-value.js';
import { isFileName } from '../../names.js';
import type { CallOptions } from '../../options.js';
import { withoutSecrets } from '../../redact/redactor.js';
import { type CheckedExecutable, checkExecutable } from '../check-executable.js';
import { notationPaths } from '../notation-paths.js';
import { inheritedEnvironment, ProcessError, type ProcessResult, runProcess } from '../run-process.js';
import { pluginFailure } from './failure.js';
import { type PluginMetadata, pluginContractVersion, readPluginMetadata } from './metadata.js';
import { PluginError, pluginErrorCodes } from './plugin-error.js';

/** Where a plugin is: by its name in a folder of plugins, or by the path of its executable, which is called `notation-{name}`. */
export type PluginLocation =
  | {
      readonly name: string;
      /** Has a folder of that name. Default: where `notation` has its plugins. */
      readonly directory?: string;
    }
  | {
      /** Absolute. */
      readonly path: string;
    };

/** How the executable of a plugin is run. */
export interface PluginProcessOptions {
  /** Its whole environment. Default: paths, language and proxies of this process, no secrets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of this process that it gets besides: where it finds its credentials, for example. */
  readonly inheritEnv?: readonly string[];
  /** For one command. Default 60,000. */
  readonly timeoutMs?: number;
  /** Most bytes of an answer. Default 16 MiB. */
  readonly maxOutput?: number;
  /** How many of its processes run at a time. Default 8. */
  readonly concurrency?: number;
}

/** Options of one command. */
export interface PluginCall extends CallOptions {
  readonly config?: Readonly<Record<string, string>>;
}

/** An installed plugin of `notation` (plugin-extensibility.md, contract version 1.0). */
export interface InstalledPlugin {
  readonly name: string;
  readonly path: string;
  /** Asked each time: the executable may be another by now. */
  metadata(options?: PluginCall): Promise<PluginMetadata>;
  /** Runs one command; contract version and configuration are added to the request. */
  run(command: string, request: object, options?: PluginCall): Promise<JsonObject>;
}

/**
 * Finds a plugin. Each command is its own process: an absolute path to a regular file that only its owner can write, no
 * shell, a bounded time and answer; its words of failure are repeated up to 1 KiB, without the values of its configuration and of the variables that it was given.
 *
 * @throws {PluginError} `ERR_PLUGIN_NAME`, `ERR_PLUGIN_LIMIT` for options that are not numbers above 0; commands reject with the other codes, or with the reason of an abort
 */
export function openPlugin(location: PluginLocation, options: PluginProcessOptions = {}): InstalledPlugin {
  const { name, path } = locate(location);
  checkNumbers(name, options);
  const limit = createLimiter(options.concurrency ?? 8);
  const ask = async (command: string, request: object, call: PluginCall): Promise<JsonObject> => {
    const config = Object.keys(call.config ?? {}).length === 0 ? {} : { pluginConfig: call.config };
    const input = utf8(JSON.stringify({ ...request, ...config }));
    // A caller who gives up does not wait for its turn.
    const started = limit(() => start({ name, path }, command, input, { ...options, ...call }));
    const result = await untilAborted(started, call.signal);
    return readAnswer(name, command, result, pluginSecrets(options, call.config));
  };
  const redacted = <T>(call: PluginCall, work: () => Promise<T>): Promise<T> =>
    withoutSecrets(() => pluginSecrets(options, call.config), work);
  return {
    name,
    path,
    metadata: (call = {}) =>
      redacted(call, async () => readPluginMetadata(name, await ask('get-plugin-metadata', {}, call))),
    run: (command, request, call = {}) =>
      redacted(call, () => ask(command, { contractVersion: pluginContractVersion, ...request }, call)),
  };
}

/**
 * What it is given and may be secret: all that it is configured with, and the longer of its own variables. A code of the contract tells
 * nothing, even if a value spells the same.
 */
export function pluginSecrets(
  { env = {}, inheritEnv = [] }: PluginProcessOptions,
  config: Readonly<Record<string, string>> = {},
): readonly string[] {
  const variables = [...Object.values(env), ...Object.values(inheritedEnvironment(inheritEnv))];
  const given = [...Object.values(config), ...variables.filter((value) => value.length >= 8)];
  return given.filter((value) => !(pluginErrorCodes as readonly string[]).includes(value));
}

function checkNumbers(plugin: string, { concurrency = 8, timeoutMs = 1, maxOutput = 1 }: PluginProcessOptions): void {
  for (const [name, value] of Object.entries({ concurrency, timeoutMs, maxOutput }))
    if (typeof value !== 'number' || !(value > 0) || (name === 'concurrency' && !(value >= 1)))
      throw new PluginError('ERR_PLUGIN_LIMIT', `${name}: expected a number above 0, found ${quote(value)}`, {
        detail: { plugin },
      });
}

interface Program {
  readonly name: string;
  readonly path: string;
}

function locate(location: PluginLocation): Program {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  if ('path' in location) {
    const { path } = location;
    const [, name] = /^notation-(.+)$/.exec(typeof path === 'string' ? basename(path, suffix) : '') ?? [];
    if (name === undefined || !isFileName(name))
      throw new PluginError(
        'ERR_PLUGIN_NAME',
        `${quote(path)}: expected an executable called notation-{name}${suffix}`,
      );
    return { name, path };
  }
  const { name, directory = notationPaths().plugins } = location;
  if (!isFileName(name)) throw new PluginError('ERR_PLUGIN_NAME', `${quote(name)} is not a valid plugin name`);
  return { name, path: join(directory, name, `notation-${name}${suffix}`) };
}

async function start(
  { name: plugin, path }: Program,
  command: string,
  input: Uint8Array,
  options: PluginProcessOptions & CallOptions,
): Promise<ProcessResult> {
  const { inheritEnv = [], timeoutMs, maxOutput, signal } = options;
  try {
    const checked = await checkExecutable(path);
    const result = await runProcess(path, {
      args: [command],
      input,
      env: { ...(options.env ?? inheritedEnvironment()), ...inheritedEnvironment(inheritEnv) },
      ...defined({ timeoutMs, maxOutput, signal }),
    });
    await checkSame(checked);
    return result;
  } catch (cause) {
    if (!(cause instanceof ProcessError)) throw cause;
    const code = cause.code === 'ERR_PROCESS_START' ? 'ERR_PLUGIN_PROGRAM' : 'ERR_PLUGIN_LIMIT';
    const detail = { plugin, command };
    throw new PluginError(code, `plugin ${quote(plugin)}: ${command}: ${cause.message}`, { cause, detail });
  }
}

/** What was started lies between two looks: when both see the same file, it was the one that was checked. */
async function checkSame({ path, identity }: CheckedExecutable): Promise<void> {
  if ((await checkExecutable(path)).identity !== identity)
    throw new ProcessError('ERR_PROCESS_START', `program ${quote(path)}: it was replaced while it ran`);
}

function readAnswer(
  plugin: string,
  command: string,
  { exitCode, output, errors }: ProcessResult,
  secrets: readonly string[],
): JsonObject {
  if (exitCode !== 0) throw pluginFailure({ plugin, command, exitCode }, errors, secrets);
  const refuse = (message: string, cause?: unknown): PluginError =>
    new PluginError('ERR_PLUGIN_ANSWER', `plugin ${quote(plugin)}: ${command} ${message}`, {
      ...defined({ cause }),
      detail: { plugin, command },
    });
  try {
    const answer = parseJson(output, { maxDepth: 32 });
    if (isJsonObject(answer)) return answer;
  } catch (cause) {
    throw refuse('did not answer in JSON', cause);
  }
  throw refuse('did not answer with an object');
}
