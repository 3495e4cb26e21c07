import { type Action, ConnectionCut, faults, headerOf } from '@notarykit/testing';
import type { CopyLab, Side } from '../../../support/copy/lab.js';
import { about, type Ending, type Operation, type RegistryCell } from './cell.js';

/** A row of the matrix: one fault at several operations. */
interface Row {
  readonly fault: string;
  readonly at: string;
  readonly action: (side: Side, lab: CopyLab) => Action;
  /** How many requests are struck. Default: all. */
  readonly first?: number;
  readonly ends: Ending;
  /** Where an operation ends differently. */
  readonly but?: Partial<Record<Operation, Ending>>;
}

const unavailable: Ending = ['ERR_REGISTRY_UNAVAILABLE'];
const wrongLength: Ending = [
  'ERR_OCI_SIZE_MISMATCH',
  'ERR_OCI_DIGEST_MISMATCH',
  'ERR_REGISTRY_TOO_LARGE',
  'ERR_OCI_TOO_LARGE',
];

/** Reads the beginning of what is sent, then hangs up: a body that breaks off, whichever side sends it. */
const cutInBody: Action = async ({ request, next }) => {
  if (request.body === undefined)
    return await faults.cutBodyAfter(5)({ request, next, route: { name: 'other' }, hit: 1 });
  for await (const _ of request.body) break;
  throw new ConnectionCut();
};

const challenge = (side: Side): string => `Bearer realm="${side.front.url}/token",service="embedded-registry"`;

const rows: readonly Row[] = [
  {
    fault: 'refused, DNS failure',
    at: 'TMBRUP',
    action:
      ({ front }) =>
      () => {
        front.refuse();
        throw new ConnectionCut();
      },
    ends: unavailable,
  },
  {
    fault: 'TLS certificate invalid',
    at: 'TMBRUP',
    action:
      ({ front }) =>
      () => {
        front.useBadCertificate();
        throw new ConnectionCut();
      },
    ends: unavailable,
  },
  { fault: 'reset before the answer', at: 'TMBRUP', action: () => faults.cut(), first: 1, ends: 'success' },
  { fault: 'reset in the middle of a body', at: 'TMBRUP', action: () => cutInBody, first: 1, ends: 'success' },
  { fault: 'stall before headers', at: 'TMBRUP', action: () => faults.stall(), first: 1, ends: 'success' },
  { fault: 'stall in the body', at: 'TMBR', action: () => faults.stallBodyAfter(5), first: 1, ends: 'success' },
  {
    fault: 'body shorter than Content-Length',
    at: 'TMBR',
    action: () => faults.cutBodyAfter(7),
    first: 2,
    ends: 'success',
  },
  { fault: 'body longer than the descriptor', at: 'MB', action: () => faults.extraBytes(5), ends: wrongLength },
  { fault: 'right length, wrong bytes', at: 'MB', action: () => faults.flipBit(3), ends: ['ERR_OCI_DIGEST_MISMATCH'] },
  { fault: 'chunked and cut', at: 'MBR', action: () => faults.chunkedAndCut(5), first: 1, ends: 'success' },
  {
    fault: 'endless body',
    at: 'TMBR',
    action: () => faults.endlessBody(),
    ends: [...wrongLength, 'ERR_REGISTRY_PROTOCOL'],
  },
  {
    fault: 'unexpected Content-Encoding',
    at: 'MBR',
    action: () => faults.header('Content-Encoding', 'gzip'),
    ends: ['ERR_REGISTRY_PROTOCOL'],
  },
  {
    fault: '429 with short Retry-After',
    at: 'TMBRUP',
    action: () => faults.status({ status: 429, retryAfter: 1 }),
    first: 1,
    ends: 'success',
  },
  {
    fault: '429 with absurd Retry-After',
    at: 'TMBRUP',
    action: () => faults.status({ status: 429, retryAfter: 31_536_000 }),
    ends: ['ERR_REGISTRY_RATE_LIMITED'],
  },
  {
    fault: 'one 5xx, then fine',
    at: 'TMBRUP',
    action: () => faults.status({ status: 503 }),
    first: 1,
    ends: 'success',
  },
  { fault: '5xx for ever', at: 'TMBRUP', action: () => faults.status({ status: 500 }), ends: unavailable },
  {
    fault: '401 part way (token expired)',
    at: 'MBRUP',
    action: (side) =>
      faults.status({ status: 401, code: 'UNAUTHORIZED', headers: { 'WWW-Authenticate': challenge(side) } }),
    first: 1,
    ends: 'success',
  },
  {
    fault: '403',
    at: 'MBRUP',
    action: () => faults.status({ status: 403, code: 'DENIED' }),
    ends: ['ERR_REGISTRY_DENIED'],
  },
  {
    fault: 'redirect to another host',
    at: 'TMBU',
    action: (_, { foreign }) => faults.redirect((path) => `${foreign.front.url}${path}`),
    ends: ['ERR_REGISTRY_REDIRECT'],
    but: { M: 'success', B: 'success' },
  },
  { fault: 'redirect loop', at: 'TMB', action: () => faults.redirect((path) => path), ends: ['ERR_REGISTRY_REDIRECT'] },
  {
    fault: 'redirect or link https to http',
    at: 'TMBU',
    action: ({ plainHost }) => faults.redirect((path) => `http://${plainHost}${path}`),
    ends: ['ERR_REGISTRY_REDIRECT'],
  },
  {
    fault: 'redirect or link https to http',
    at: 'R',
    action: ({ plainHost }) => nextLink((path) => `http://${plainHost}${path}`),
    ends: ['ERR_REGISTRY_REDIRECT'],
  },
  {
    fault: 'next link to another origin',
    at: 'R',
    action: (_, { foreign }) => nextLink((path) => `${foreign.front.url}${path}`),
    ends: ['ERR_REGISTRY_REDIRECT'],
  },
  {
    fault: 'next link to itself',
    at: 'R',
    action: () => nextLink((path) => path),
    ends: ['ERR_REGISTRY_REDIRECT'],
  },
  { fault: 'applied, but the answer is lost', at: 'UP', action: () => faults.loseAnswer(), first: 1, ends: 'success' },
  {
    fault: 'digest header lies',
    at: 'MUP',
    action: () => faults.header('Docker-Content-Digest', `sha256:${'0'.repeat(64)}`),
    ends: ['ERR_OCI_DIGEST_MISMATCH'],
  },
  {
    fault: 'wrong or missing Content-Type',
    at: 'TMR',
    action: () => faults.header('Content-Type', undefined),
    ends: 'success',
    but: { M: ['ERR_REGISTRY_PROTOCOL', 'ERR_OCI_UNSUPPORTED', 'ERR_OCI_INVALID'] },
  },
];

function nextLink(target: (path: string) => string): Action {
  return async (context) => {
    const { pathname, search } = context.request.url;
    return await faults.header('Link', `<${target(pathname + search)}>; rel="next"`)(context);
  };
}

/** The cells of the rows. */
export const rowCells: readonly RegistryCell[] = rows.flatMap((row) =>
  row.at.split('').map((letter): RegistryCell => {
    const operation = letter as Operation;
    return {
      operation,
      fault: row.fault,
      ends: row.but?.[operation] ?? row.ends,
      arrange(lab) {
        const { side, match } = about(lab, operation);
        side.registry.rule({
          ...match,
          ...(row.first === undefined ? {} : { first: row.first }),
          action: row.action(side, lab),
        });
      },
    };
  }),
);

/** The header of an upload's place, changed. */
export function location(edit: (location: string) => string): Action {
  return async (context) => {
    const answer = await context.next();
    const given = headerOf(answer, 'location');
    return given === undefined
      ? answer
      : await faults.header('Location', edit(given))({ ...context, next: async () => answer });
  };
}
