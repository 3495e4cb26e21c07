import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';

type Write = typeof process.stdout.write;

/** The standard streams of this process, kept for one answer. */
export interface StandardStreams {
  /** Writes the one answer and ends the process. */
  end(exitCode: 0 | 1, text: string): Promise<never>;
  /** Writes an error at once, if nothing was written yet: for a process that ends by itself. */
  endNow(document: object): void;
}

const mostNoise = 64 * 1024;

/**
 * Keeps both streams clear: a host reads all of standard output as the answer and all of standard error as the error object,
 * so that a library's log line or a warning of Node's would spoil them. What is printed meanwhile goes to standard error when
 * the command succeeds, where it is not parsed, and is dropped when it fails.
 */
export function takeStandardStreams(): StandardStreams {
  const { stdout, stderr } = process;
  const writers = { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) };
  let noise = '';
  const keep = (text: string): void => {
    if (noise.length < mostNoise) noise += text;
  };
  stdout.write = stderr.write = keeper(keep);
  keepConsole(keep);
  // Node prints warnings past the streams.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => keep(`${name}: ${message}\n`));
  let ended = false;
  return {
    async end(exitCode, text) {
      // One answer: what fails while it is written changes nothing.
      if (ended) return new Promise<never>(() => undefined);
      ended = true;
      if (exitCode === 0) await write(writers.stdout, text);
      await write(writers.stderr, exitCode === 0 ? noise.slice(0, mostNoise) : text);
      // Connections that a client keeps open would make the host wait.
      process.exit(exitCode);
    },
    endNow(document) {
      if (ended) return;
      ended = true;
      process.exitCode = 1;
      writeSync(2, JSON.stringify(document));
    },
  };
}

/** In Bun and Deno the console writes past `process.stdout`, so its methods are replaced, in place: other modules hold the object. */
function keepConsole(keep: (text: string) => void): void {
  const kept = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      keep(text);
      done();
    },
  });
  Object.assign(console, new Console({ stdout: kept, stderr: kept, colorMode: false }));
}

function keeper(keep: (text: string) => void): Write {
  return (chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
    keep(typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback as () => void);
    return true;
  };
}

function write(writer: Write, text: string): Promise<void> {
  return new Promise((resolve) => {
    writer(text, () => resolve());
  });
}
