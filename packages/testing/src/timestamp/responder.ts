import { type Bytes, defined } from '@notarykit/common/internal';
import { TimeStampReq } from 'pkijs';
import type { ServiceState } from '../authority/service-state.js';
import { buildTimestampResponse, type TimestampStatusOptions } from './response.js';
import { buildTimestampToken, type TokenOptions } from './token.js';

/** How a timestamping service misbehaves. */
export interface TimestampFault extends Partial<Omit<TokenOptions, 'nonce'>>, TimestampStatusOptions {
  /** `echo` repeats the nonce of the request (the default), `drop` leaves it out; a number replaces it. */
  readonly nonce?: 'echo' | 'drop' | bigint;
  /** Grants without a token; `false` refuses with one. Default: a token when it is granted. */
  readonly withoutToken?: boolean;
  /** Changes the token. */
  readonly change?: (token: Bytes) => Bytes;
  /** Sent in place of an answer. */
  readonly body?: Uint8Array;
}

/** Answers a timestamp request, by the clock and by the faults asked for. */
export async function answerTimestamp(
  request: Uint8Array,
  state: ServiceState,
  fault: TimestampFault = {},
): Promise<Bytes> {
  if (fault.body !== undefined) return fault.body as Bytes;
  const isRefusal = fault.status !== undefined && fault.status > 1;
  if (fault.withoutToken ?? isRefusal) return buildTimestampResponse(undefined, fault);
  const asked = readRequest(request);
  const { nonce = 'echo' } = fault;
  const own = nonce === 'drop' ? undefined : nonce === 'echo' ? asked.nonce : nonce;
  const { nonce: _, ...says } = fault;
  const token = await buildTimestampToken(new Uint8Array(), {
    signer: await state.timestamping(),
    genTime: state.now(),
    imprint: asked.imprint,
    ...defined({ nonce: own }),
    ...says,
  });
  return buildTimestampResponse(fault.change?.(token) ?? token, fault);
}

function readRequest(der: Uint8Array): { imprint: Bytes; nonce: bigint | undefined } {
  const { messageImprint, nonce } = TimeStampReq.fromBER(der as Bytes);
  return { imprint: new Uint8Array(messageImprint.toSchema().toBER()), nonce: nonce?.toBigInt() };
}
