import { appendFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner gives to an action, and takes from it. */
export interface ActionContext {
  /** An input that may be left out. */
  input(name: string): string | undefined;
  /** @throws when the input is not there */
  required(name: string): string;
  /** A required input that the runner must not show in its log. */
  secret(name: string): string;
  /** What is known of the run: where the source is, and which run this is. */
  readonly run: Readonly<Record<string, string>>;
  output(name: string, value: string): void;
  info(text: string): void;
  fail(message: string): void;
}

/** The context of this run, by the runner's environment variables and workflow commands. */
export function actionContext(env: Environment): ActionContext {
  const input = (name: string): string | undefined => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
  const required = (name: string): string => {
    const value = input(name);
    if (value === undefined) throw new Error(`the input "${name}" is needed`);
    return value;
  };
  return {
    input,
    required,
    secret(name) {
      const value = required(name);
      console.log(`::add-mask::${escapeData(value)}`);
      return value;
    },
    run: runOf(env),
    output(name, value) {
      const file = env['GITHUB_OUTPUT'];
      if (file !== undefined) appendFileSync(file, `${name}=${value}\n`);
    },
    info: (text) => console.log(text),
    fail: (message) => console.log(`::error::${escapeData(message)}`),
  };
}

function runOf(env: Environment): Readonly<Record<string, string>> {
  const names = { source: 'GITHUB_REPOSITORY', revision: 'GITHUB_SHA', run: 'GITHUB_RUN_ID' };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, variable]) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** A line break would end the workflow command and begin another one. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
