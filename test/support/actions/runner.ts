import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../run-program.js';

/** A command that a step gave to its runner on standard output. */
export interface RunnerCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** How a step ended, as its runner sees it. */
export interface StepResult {
  readonly code: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the file of the state holds. */
  readonly state: string;
  readonly commands: readonly RunnerCommand[];
  /** Messages of the commands of a name. */
  messages(command: string): readonly string[];
  /** Every line, but for those that mask. */
  readonly log: string;
}

/** A step of a workflow. */
export interface Step {
  /** The file of the action. */
  readonly main: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The checked-out source, in which the step runs. */
  readonly workspace: string;
}

/** Runs a step by the contract of GitHub's runner: inputs in the environment, files for what comes back, commands on standard output. */
export async function runStep({ main, inputs, env = {}, workspace }: Step): Promise<StepResult> {
  const files = await mkdtemp(join(workspace, '.runner-'));
  const names = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'];
  const paths = Object.fromEntries(names.map((name) => [name, join(files, name)]));
  await Promise.all(Object.values(paths).map((path) => writeFile(path, '')));
  // As the runner writes them: upper case, blanks as underscores, and hyphens as they are.
  const given = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  const { code, stdout, stderr } = await runProgram(main, [], {
    cwd: workspace,
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'wabbit/net-monitor',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '7',
      GITHUB_WORKFLOW_REF: 'wabbit/net-monitor/.github/workflows/release.yml@refs/heads/main',
      NOTATION_CONFIG: join(files, 'notation'),
      DOCKER_CONFIG: join(files, 'docker'),
      ...paths,
      ...env,
      ...Object.fromEntries(given),
    },
  });
  const read = (name: string): Promise<string> => readFile(paths[name] as string, 'utf8');
  const commands = commandsIn(stdout);
  return {
    code,
    outputs: valuesIn(await read('GITHUB_OUTPUT')),
    summary: await read('GITHUB_STEP_SUMMARY'),
    state: (await read('GITHUB_STATE')) + (await read('GITHUB_ENV')) + (await read('GITHUB_PATH')),
    commands,
    messages: (name) => commands.filter(({ command }) => command === name).map(({ message }) => message),
    log: `${stdout.replaceAll(/^::add-mask::.*$/gm, '')}${stderr}`,
  };
}

/** Commands of the second form, outside stretches in which they are stopped. */
function commandsIn(stdout: string): readonly RunnerCommand[] {
  const commands: RunnerCommand[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    const [, command, properties = '', message = ''] = /^\s*::([^\s:]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (command === undefined) continue;
    if (stopped !== undefined) stopped = command === stopped ? undefined : stopped;
    else if (command === 'stop-commands') stopped = message;
    else commands.push({ command, properties: propertiesIn(properties), message: decoded(message) });
  }
  return commands;
}

function propertiesIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    return name === undefined
      ? []
      : [
          [
            name,
            decoded(value as string)
              .replaceAll('%3A', ':')
              .replaceAll('%2C', ','),
          ],
        ];
  });
  return Object.fromEntries(pairs);
}

const decoded = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/** `name<<delimiter`, the value, and the delimiter. */
function valuesIn(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^([^\n<]+)<<(.+)\n([\s\S]*?)\n\2\n/gm)];
  return Object.fromEntries(found.map(([, name, , value]) => [name, value]));
}
