import type { AdmissionHandler } from '@notarykit/admission';
import { type AdmissionOutcome, acceptAdmissionAnswer } from '@notarykit/testing';
import { expect } from 'vitest';
import type { PodObject } from '../../support/kubernetes.js';

export type Route = 'mutate' | 'validate';

/** How a review is asked for. */
export interface AskOptions {
  readonly apiVersion?: string;
  /** `?timeout=1s` */
  readonly query?: string;
  readonly signal?: AbortSignal;
}

const kinds: Readonly<Record<string, object>> = {
  Pod: { group: '', version: 'v1', kind: 'Pod' },
  EphemeralContainers: { group: '', version: 'v1', kind: 'EphemeralContainers' },
  Deployment: { group: 'apps', version: 'v1', kind: 'Deployment' },
};

let count = 0;

/** A request to create a pod of these containers, as the API server would send it. */
export function podRequest(images: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  const containers = images.map((image, i) => ({ name: `c${i}`, image }));
  return request('Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } }, more);
}

export function request(kind: string, object: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return {
    uid: `uid-${count++}`,
    kind: kinds[kind],
    operation: 'CREATE',
    namespace: 'team',
    object,
    dryRun: false,
    ...more,
  };
}

/** Sends a review to a handler, and tells what the API server would make of the answer; nothing of it may be lost. */
export async function ask(
  handler: AdmissionHandler,
  route: Route,
  asked: object,
  { apiVersion = 'admission.k8s.io/v1', query = '', signal }: AskOptions = {},
): Promise<AdmissionOutcome> {
  const body = JSON.stringify({ apiVersion, kind: 'AdmissionReview', request: asked });
  const init = { method: 'POST', body, ...(signal === undefined ? {} : { signal }) };
  const answer = await handler(new Request(`https://gate.test/${route}${query}`, init));
  return judge(body, { status: answer.status, body: await answer.text() }, route);
}

/** The outcome of an answer that the API server must be able to use as it is. */
export function judge(body: string, answer: { status: number; body: string }, route: Route): AdmissionOutcome {
  const outcome = acceptAdmissionAnswer(body, answer, { mutating: route === 'mutate' });
  if (outcome.outcome === 'call-failure') throw new Error(`the call failed: ${outcome.reason}: ${answer.body}`);
  expect(outcome.lost).toEqual([]);
  return outcome;
}

/** The images of the containers of an outcome's pod. */
export function imagesOf(outcome: AdmissionOutcome): readonly string[] {
  if (!('object' in outcome)) throw new Error(`no object: ${outcome.outcome}`);
  const { spec } = outcome.object as unknown as PodObject;
  return spec.containers.map(({ image }) => image);
}
