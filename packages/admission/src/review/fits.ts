import { isJsonObject, quote } from '@notarykit/common/internal';
import { isWorkload } from '../images/places.js';
import type { AdmissionRequest } from '../types.js';

/** The kind that a resource of Kubernetes' own workloads holds, by group and resource. */
const kinds: Readonly<Record<string, string>> = {
  '/pods': 'Pod',
  '/podtemplates': 'PodTemplate',
  '/replicationcontrollers': 'ReplicationController',
  'apps/deployments': 'Deployment',
  'apps/replicasets': 'ReplicaSet',
  'apps/statefulsets': 'StatefulSet',
  'apps/daemonsets': 'DaemonSet',
  'extensions/deployments': 'Deployment',
  'extensions/replicasets': 'ReplicaSet',
  'extensions/daemonsets': 'DaemonSet',
  'batch/jobs': 'Job',
  'batch/cronjobs': 'CronJob',
};

/** Subresources through which the whole object is written; others (scale, binding, eviction …) have their own kinds. */
const whole: readonly (string | undefined)[] = [undefined, 'status', 'resize', 'ephemeralcontainers'];

/**
 * What in a request contradicts its kind. The kind says where images are looked for: where another part of the request says that
 * the object is something else, images could be where they are not looked for.
 */
export function misfit(request: AdmissionRequest): string | undefined {
  return resourceMisfit(request) ?? objectMisfit(request);
}

function resourceMisfit({ kind, resource, subResource }: AdmissionRequest): string | undefined {
  if (resource === undefined) return undefined;
  const key = `${resource.group}/${resource.resource}`;
  const held = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  if (key === '/pods' && subResource === 'ephemeralcontainers' && kind.kind === 'EphemeralContainers') return undefined;
  const isHeld = held === kind.kind && resource.group === kind.group;
  if (isHeld || (!isWorkload(kind) && (held === undefined || !whole.includes(subResource)))) return undefined;
  return `the resource ${quote(key)} holds no ${quote(`${kind.group}/${kind.kind}`)}`;
}

/** An object says itself what it is; frameworks may leave it out. */
function objectMisfit({ kind, object }: AdmissionRequest): string | undefined {
  if (!isJsonObject(object)) return undefined;
  const { kind: own = kind.kind, apiVersion } = object;
  if (own !== kind.kind) return `the object is a ${quote(own)}, the request is about a ${quote(kind.kind)}`;
  if (apiVersion === undefined) return undefined;
  const group = typeof apiVersion === 'string' ? apiVersion.split('/').slice(0, -1).join('/') : undefined;
  return group === kind.group
    ? undefined
    : `the object is of ${quote(apiVersion)}, the request is about the group ${quote(kind.group)}`;
}
