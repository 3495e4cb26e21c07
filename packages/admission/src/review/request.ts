import {
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import type { AdmissionRequest, GroupVersionKind, GroupVersionResource } from '../types.js';

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
    ...parseResource(request['resource']),
    dryRun: parseDryRun(request['dryRun']),
    ...texts(request, ['subResource', 'name', 'namespace']),
    ...parseUser(userInfo),
    ...objects(request, ['object', 'oldObject']),
  };
}

function refuse(where: string, expected: string, found: unknown): AdmissionError {
  return new AdmissionError(
    'ERR_ADMISSION_REQUEST',
    `${where}: expected ${expected}, found ${found === undefined ? 'nothing' : quote(found)}`,
  );
}

function parseKind(value: JsonValue | undefined): GroupVersionKind {
  if (!isJsonObject(value)) throw refuse('request.kind', 'a group, version and kind', value);
  const { kind } = value;
  if (typeof kind !== 'string' || kind === '') throw refuse('request.kind.kind', 'text', kind);
  return { ...parseGroupVersion(value, 'request.kind'), kind };
}

function parseResource(value: JsonValue | undefined): { resource?: GroupVersionResource } {
  if (isAbsent(value)) return {};
  if (!isJsonObject(value)) throw refuse('request.resource', 'a group, version and resource', value);
  const { resource } = value;
  if (typeof resource !== 'string') throw refuse('request.resource.resource', 'text', resource);
  return { resource: { ...parseGroupVersion(value, 'request.resource'), resource } };
}

function parseGroupVersion(source: JsonObject, where: string): { group: string; version: string } {
  return { group: optionalText(source, 'group', where) ?? '', version: optionalText(source, 'version', where) ?? '' };
}

function parseDryRun(value: JsonValue | undefined): boolean {
  if (isAbsent(value)) return false;
  if (typeof value !== 'boolean') throw refuse('request.dryRun', 'true or false', value);
  return value;
}

function parseUser(user: JsonValue | undefined): Pick<AdmissionRequest, 'userInfo'> {
  if (isAbsent(user)) return {};
  if (!isJsonObject(user)) throw refuse('request.userInfo', 'an object', user);
  const username = optionalText(user, 'username', 'request.userInfo');
  const { groups } = user;
  return {
    userInfo: {
      ...defined({ username }),
      ...(isJsonArray(groups) ? { groups: groups.filter((group) => typeof group === 'string') } : {}),
    },
  };
}

/** In Kubernetes null is as good as nothing. */
function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

/** Text, or nothing where it is absent; another type is refused, since a verdict may rest on it (a namespace, for example). */
function optionalText(source: JsonObject, name: string, where: string): string | undefined {
  const value = source[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string') throw refuse(`${where}.${name}`, 'text', value);
  return value;
}

function texts<K extends string>(source: JsonObject, names: readonly K[]): { [P in K]?: string } {
  const entries = names.flatMap((name) => {
    const value = optionalText(source, name, 'request');
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return Object.fromEntries(entries) as { [P in K]?: string };
}

/** What is not an object is left out here, and refused by the review, which answers the API server in its own form. */
function objects<K extends string>(source: JsonObject, names: readonly K[]): { [P in K]?: JsonObject } {
  const entries = names.flatMap((name) => (isJsonObject(source[name]) ? [[name, source[name]]] : []));
  return Object.fromEntries(entries) as { [P in K]?: JsonObject };
}
