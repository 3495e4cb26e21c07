/** The settings of the program, from its environment. */
export interface Settings {
  readonly port: number;
  readonly host?: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** The authority of clients, where only they may call. */
  readonly clientCaFile?: string;
  /** `trustpolicy.json`, and a file `<type>.<name>.pem` for each trust store. */
  readonly trustFolder: string;
  /** Where replicas share verdicts; without it each keeps its own. */
  readonly redisUrl?: string;
  /** `config.json` of Docker, with the accounts of the registries. */
  readonly dockerConfig?: string;
  readonly mode: 'enforce' | 'warn' | 'audit';
  readonly reloadMs: number;
  /** How long requests are still taken after SIGTERM. */
  readonly drainMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const modes = ['enforce', 'warn', 'audit'] as const;

/** Reads the settings; what is not set has the default of the manifests. */
export function readSettings(env: Environment): Settings {
  const mode = modes.find((each) => each === (env['ADMISSION_MODE'] ?? 'enforce'));
  if (mode === undefined)
    throw new Error(`ADMISSION_MODE: expected ${modes.join(', ')}, found ${JSON.stringify(env['ADMISSION_MODE'])}`);
  return {
    mode,
    port: natural(env, 'PORT', 8443),
    certFile: env['TLS_CERT_FILE'] ?? '/etc/notarykit/tls/tls.crt',
    keyFile: env['TLS_KEY_FILE'] ?? '/etc/notarykit/tls/tls.key',
    trustFolder: env['TRUST_FOLDER'] ?? '/etc/notarykit/trust',
    reloadMs: natural(env, 'RELOAD_MS', 10_000),
    drainMs: natural(env, 'DRAIN_MS', 5_000),
    ...optional(env, {
      HOST: 'host',
      CLIENT_CA_FILE: 'clientCaFile',
      REDIS_URL: 'redisUrl',
      DOCKER_CONFIG_FILE: 'dockerConfig',
    }),
  };
}

function natural(env: Environment, name: string, otherwise: number): number {
  const text = env[name] ?? String(otherwise);
  if (!/^\d{1,6}$/.test(text)) throw new Error(`${name}: expected a number, found ${JSON.stringify(text)}`);
  return Number(text);
}

function optional<K extends string>(env: Environment, names: Readonly<Record<string, K>>): { [P in K]?: string } {
  const found = Object.entries(names).flatMap(([name, key]) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[key, value]];
  });
  return Object.fromEntries(found) as { [P in K]?: string };
}
