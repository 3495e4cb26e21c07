import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The helper that docker uses on a system by default, if it is installed. */
export async function defaultHelper(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const helper = await usualHelper(env, platform);
  const program = platform === 'win32' ? `docker-credential-${helper}.exe` : `docker-credential-${helper}`;
  return helper !== undefined && (await isInstalled(program, env)) ? helper : undefined;
}

async function usualHelper(env: Environment, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform === 'darwin') return 'osxkeychain';
  if (platform === 'win32') return 'wincred';
  if (platform !== 'linux') return undefined;
  return (await isInstalled('pass', env)) ? 'pass' : 'secretservice';
}

async function isInstalled(program: string, env: Environment): Promise<boolean> {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(isAbsolute);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
