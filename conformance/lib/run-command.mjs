// An implementation as a command: `<command> verify <request.json>`, a verdict as JSON on standard output, an exit code.
import { spawn } from 'node:child_process';

const exitCodes = { trusted: 0, refused: 1, skipped: 2 };
export const unsupportedExit = 3;

/** Runs a command; what it answered, or why it gave no answer. `timeoutMs`: default two minutes. */
export async function ask(command, verb, requestFile, { timeoutMs = 120_000, env = {} } = {}) {
  const [program, ...args] = command;
  const { code, stdout, stderr, failure } = await run(program, [...args, verb, requestFile], { timeoutMs, env });
  if (failure !== undefined) return { failure };
  let answer;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return { failure: `no JSON on standard output (exit code ${code}): ${(stdout || stderr).slice(0, 300)}` };
  }
  const wanted = answer.unsupported === undefined ? exitCodes[answer.verdict] : unsupportedExit;
  if (verb === 'verify' && code !== wanted)
    return { failure: `exit code ${code} with ${JSON.stringify(answer)}, expected ${wanted}` };
  if (verb === 'sign' && code !== (answer.unsupported === undefined ? 0 : unsupportedExit))
    return { failure: `exit code ${code}: ${stderr.slice(0, 300)}` };
  return answer;
}

function run(program, args, { timeoutMs, env }) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    child.on('error', (error) => done({ failure: `cannot run ${program}: ${error.message}` }));
    child.on('close', (code, signal) =>
      done({ code, ...output, ...(signal === null ? {} : { failure: `ended by ${signal}` }) }),
    );
  });
}
