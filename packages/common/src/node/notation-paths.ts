import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where an installed `notation` keeps its files. */
export interface NotationPaths {
  /** Settings, keys, policies and the trust store. */
  readonly config: string;
  /** Parent of `plugins`. */
  readonly libexec: string;
  /** Parent of `crl`. */
  readonly cache: string;
  readonly trustStore: string;
  readonly plugins: string;
  readonly crlCache: string;
}

/** What the paths depend on; default: this process. */
export interface NotationPathOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

/**
 * The paths of `notation` on Linux, macOS and Windows. `NOTATION_CONFIG`, `NOTATION_LIBEXEC` and `NOTATION_CACHE` win, as
 * in the CLI.
 */
export function notationPaths(options: NotationPathOptions = {}): NotationPaths {
  const { env = process.env, platform = process.platform, home = homedir() } = options;
  const given = (name: string): string | undefined => env[name] || undefined;
  const config = given('NOTATION_CONFIG') ?? configRoot(platform, home, given);
  const libexec = given('NOTATION_LIBEXEC') ?? config;
  const cache = given('NOTATION_CACHE') ?? cacheRoot(platform, home, given);
  return {
    config,
    libexec,
    cache,
    trustStore: join(config, 'truststore'),
    plugins: join(libexec, 'plugins'),
    crlCache: join(cache, 'crl'),
  };
}

type Lookup = (name: string) => string | undefined;

function configRoot(platform: NodeJS.Platform, home: string, given: Lookup): string {
  if (platform === 'win32') return folder(given('AppData') ?? given('APPDATA'), '.notation', 'notation');
  if (home === '') return '.notation';
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'notation');
  return xdg(given('XDG_CONFIG_HOME'), join(home, '.config'), '.notation');
}

function cacheRoot(platform: NodeJS.Platform, home: string, given: Lookup): string {
  const fallback = join('.notation', 'cache');
  if (platform === 'win32') return folder(given('LocalAppData') ?? given('LOCALAPPDATA'), fallback, 'notation');
  if (home === '') return fallback;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'notation');
  return xdg(given('XDG_CACHE_HOME'), join(home, '.cache'), fallback);
}

function folder(parent: string | undefined, fallback: string, name: string): string {
  return parent === undefined ? fallback : join(parent, name);
}

/** Go refuses a relative XDG folder, and notation then falls back to the working directory. */
function xdg(given: string | undefined, usual: string, fallback: string): string {
  if (given === undefined) return join(usual, 'notation');
  return isAbsolute(given) ? join(given, 'notation') : fallback;
}
