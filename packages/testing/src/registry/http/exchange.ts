/** The endpoints of the distribution API, as rules and the request log name them (distribution-spec, "Endpoints"). */
export type RouteName =
  | 'ping'
  | 'catalog'
  | 'tags'
  | 'manifest'
  | 'blob'
  | 'uploads'
  | 'upload'
  | 'referrers'
  | 'token'
  | 'other';

/** One request, whichever way it came: in process or over a socket. */
export interface RegistryRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** The body as it arrives; read at most once. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Aborted when the client goes away or the registry closes. */
  readonly signal: AbortSignal;
}

/** One answer. A body that fails while it is read cuts the connection, as does {@link ConnectionCut} instead of an answer. */
export interface Answer {
  readonly status: number;
  /** In order; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Thrown in place of an answer or in the middle of a body: the connection ends here. */
export class ConnectionCut extends Error {
  constructor() {
    super('the connection was cut');
    this.name = 'ConnectionCut';
  }
}

/** The first value of a header of an answer. */
export function headerOf(answer: Answer, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return answer.headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** The answer with a header set to one value, or without it when the value is `undefined`. */
export function withHeader(answer: Answer, name: string, value: string | undefined): Answer {
  const wanted = name.toLowerCase();
  const rest = answer.headers.filter(([key]) => key.toLowerCase() !== wanted);
  return { ...answer, headers: value === undefined ? rest : [...rest, [name, value]] };
}
