import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm } from './hash.js';
import type { LargeHasher } from './large-hash.js';

/** Bytes that are handed over at a time, and how many such pieces may be on their way. */
const pieceBytes = 1024 * 1024;
const pieces = 4;
/** A thread without work for so long ends. */
const idleMs = 5_000;

/** What the thread runs: as text, so that it is there in whatever file this is bundled into. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const hashes = new Map();
const steps = {
  open: (job, algorithm) => void hashes.set(job, createHash(algorithm)),
  update(job, at, length) {
    // Of a hash that was given up: bytes that waited for a place come after its end.
    hashes.get(job)?.update(new Uint8Array(workerData, at, length));
    parentPort.postMessage(at);
  },
  digest(job) {
    parentPort.postMessage([job, hashes.get(job).digest()]);
    hashes.delete(job);
  },
  drop: (job) => void hashes.delete(job),
};
parentPort.on('message', ([step, ...given]) => steps[step](...given));
parentPort.postMessage([0]);
`;

type Step =
  | readonly ['open', number, HashAlgorithm]
  | readonly ['update', number, number, number]
  | readonly ['digest', number]
  | readonly ['drop', number];

/** The error of what was under way when the thread ended. It is brought, so that this file shares no code with the others. */
export type FailureOf = (cause: unknown) => Error;

interface Waiter {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A thread that hashes for this one. What it hashes is copied into memory that both share, which costs a tenth of the hashing; so the
 * bytes stay the caller's, and nothing that the caller does with them afterwards changes what is hashed.
 */
export class HashThread {
  readonly #worker: Worker;
  readonly #memory: SharedArrayBuffer;
  readonly #free = Array.from({ length: pieces }, (_, i) => i * pieceBytes);
  readonly #waiting: Waiter[] = [];
  readonly #digests = new Map<number, Waiter>();
  readonly #failureOf: FailureOf;
  #lastJob = 0;
  #jobs = 0;
  #pending = 0;
  #failure: unknown;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** Until its program runs. */
  readonly started: Promise<void>;

  constructor(worker: Worker, memory: SharedArrayBuffer, failureOf: FailureOf) {
    this.#failureOf = failureOf;
    this.#worker = worker;
    this.#memory = memory;
    worker.on('message', (said: number | readonly [number, Uint8Array]) => this.#hear(said));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(undefined));
    this.started = this.#wait<void>((waiter) => this.#digests.set(0, waiter));
    this.#rest();
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Ends it; what is under way fails. */
  async end(): Promise<void> {
    this.#fail(undefined);
    await this.#worker.terminate();
  }

  hasher(algorithm: HashAlgorithm): LargeHasher {
    clearTimeout(this.#idle);
    this.#jobs++;
    const job = ++this.#lastJob;
    this.#post(['open', job, algorithm]);
    let open = true;
    const close = (): void => {
      if (open && --this.#jobs === 0) this.#rest();
      open = false;
    };
    return {
      update: (bytes) => this.#update(job, bytes),
      digest: async () => {
        if (!open) throw this.#failureOf(new Error('the hash was given up'));
        return await this.#digest(job).finally(close);
      },
      cancel: () => {
        if (open && this.#failure === undefined) this.#post(['drop', job]);
        close();
      },
    };
  }

  /** Copies bytes for the thread; waits while it has enough to do. */
  async #update(job: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      const place = this.#free.pop() ?? (await this.#wait<number>((waiter) => this.#waiting.push(waiter)));
      new Uint8Array(this.#memory, place, piece.length).set(piece);
      this.#post(['update', job, place, piece.length]);
    }
  }

  async #digest(job: number): Promise<Bytes> {
    const digest = this.#wait<Bytes>((waiter) => this.#digests.set(job, waiter));
    this.#post(['digest', job]);
    return new Uint8Array(await digest);
  }

  #post(step: Step): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#worker.postMessage(step);
  }

  /** What waits keeps the process alive. */
  #wait<T>(add: (waiter: Waiter) => unknown): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#pending++ === 0) this.#worker.ref();
    return new Promise<T>((resolve, reject) => add({ resolve, reject })).finally(() => {
      if (--this.#pending === 0) this.#worker.unref();
    });
  }

  #hear(said: number | readonly [number, Uint8Array]): void {
    if (typeof said === 'number') {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(said);
      else next.resolve(said as never);
      return;
    }
    const [job, digest] = said;
    this.#digests.get(job)?.resolve(digest as never);
    this.#digests.delete(job);
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.end(), idleMs).unref();
  }

  #fail(cause: unknown): void {
    this.#failure ??= this.#failureOf(cause);
    for (const { reject } of [...this.#waiting.splice(0), ...this.#digests.values()]) reject(this.#failure);
    this.#digests.clear();
  }
}

/** Other runtimes have threads of this kind that start slowly or not at all. */
const isNode = process.release?.name === 'node' && !('deno' in process.versions) && !('bun' in process.versions);

let thread: Promise<HashThread | undefined> | undefined;

/** The thread of this process, started when it is first needed; `undefined` where there can be none, or less than so many processors. */
export async function hashThread(processors: number, failureOf: FailureOf): Promise<HashThread | undefined> {
  if (!isNode || availableParallelism() < processors) return undefined;
  const known = thread;
  // Another caller may have started a new one meanwhile.
  if ((await known)?.failed === true && thread === known) thread = undefined;
  thread ??= start(failureOf).catch(() => undefined);
  return await thread;
}

async function start(failureOf: FailureOf): Promise<HashThread> {
  const { Worker } = await import('node:worker_threads');
  const memory = new SharedArrayBuffer(pieces * pieceBytes);
  const worker = new Worker(program, { eval: true, workerData: memory, execArgv: [], env: {}, stdin: false });
  const thread = new HashThread(worker, memory, failureOf);
  await thread.started;
  return thread;
}
