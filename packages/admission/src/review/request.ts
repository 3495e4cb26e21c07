import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson, quote } from '@notarykit/common';
import { AdmissionError } from '../errors.js';
import type { AdmissionRequest, GroupVersionKind } from './types.js';

/** An AdmissionReview as it arrived. */
export interface ParsedReview {
  /** Version that the answer has to carry as well; absent for a bare request. */
  readonly apiVersion?: 'admission.k8s.io/v1' | 'admission.k8s.io/v1beta1';
  readonly request: AdmissionRequest;
}

const versions: readonly unknown[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

/**
 * Reads an AdmissionReview, or the bare AdmissionRequest that frameworks hand over.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_REQUEST`
 */
export function parseReview(input: Uint8Array | string): ParsedReview {
  let document: JsonValue;
  try {
    document = parseJson(input, { maxDepth: 256 });
  } catch (cause) {
    throw new AdmissionError(
      'ERR_ADMISSION_REQUEST',
      `expected an AdmissionReview in JSON: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (!isJsonObject(document)) throw refuse('AdmissionReview', 'an object', document);
  if (document['kind'] !== 'AdmissionReview') return { request: parseRequest(document) };
  const { apiVersion, request } = document;
  if (!versions.includes(apiVersion)) throw refuse('apiVersion', versions.join(' or '), apiVersion);
  if (!isJsonObject(request)) throw refuse('request', 'an object', request);
  return { apiVersion: apiVersion as 'admission.k8s.io/v1', request: parseRequest(request) };
}

/**
 * Reads an AdmissionRequest out of parsed JSON.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_REQUEST`
 */
export function parseRequest(request: JsonObject): AdmissionRequest {
  const { uid, operation, userInfo } = request;
  if (typeof uid !== 'string' || uid === '') throw refuse('request.uid', 'text', uid);
  if (operation !== 'CREATE' && operation !== 'UPDATE' && operation !== 'DELETE' && operation !== 'CONNECT') {
    throw refuse('request.operation', 'CREATE, UPDATE, DELETE or CONNECT', operation);
  }
  return {
    uid,
    operation,
    kind: parseKind(request['kind']),
    dryRun: request['dryRun'] === true,
    ...texts(request, ['subResource', 'name', 'namespace']),
    ...(isJsonObject(userInfo) ? { userInfo: parseUser(userInfo) } : {}),
    ...objects(request, ['object', 'oldObject']),
  };
}

function refuse(where: string, expected: string, found: unknown): AdmissionError {
  return new AdmissionError(
    'ERR_ADMISSION_REQUEST',
    `${where}: expected ${expected}, found ${found === undefined ? 'nothing' : quote(found)}`,
  );
}

function parseKind(kind: JsonValue | undefined): GroupVersionKind {
  if (!isJsonObject(kind) || typeof kind['kind'] !== 'string')
    throw refuse('request.kind', 'a group, version and kind', kind);
  const text = (name: string): string => (typeof kind[name] === 'string' ? (kind[name] as string) : '');
  return { group: text('group'), version: text('version'), kind: kind['kind'] };
}

function parseUser(user: JsonObject): { username?: string; groups?: readonly string[] } {
  const { username, groups } = user;
  return {
    ...(typeof username === 'string' ? { username } : {}),
    ...(isJsonArray(groups) ? { groups: groups.filter((group) => typeof group === 'string') } : {}),
  };
}

function texts<K extends string>(source: JsonObject, names: readonly K[]): { [P in K]?: string } {
  const entries = names.flatMap((name) =>
    typeof source[name] === 'string' && source[name] !== '' ? [[name, source[name]]] : [],
  );
  return Object.fromEntries(entries) as { [P in K]?: string };
}

function objects<K extends string>(source: JsonObject, names: readonly K[]): { [P in K]?: JsonObject } {
  const entries = names.flatMap((name) => (isJsonObject(source[name]) ? [[name, source[name]]] : []));
  return Object.fromEntries(entries) as { [P in K]?: JsonObject };
}
