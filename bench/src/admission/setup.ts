// A registry with one signed image, and the gate of a cluster that trusts its signer.
import {
  type AdmissionHandler,
  createAdmissionHandler,
  createCachedImageVerifier,
  verifyWith,
  webhookRegistry,
} from '@notarykit/admission';
import { utf8 } from '@notarykit/common';
import { describe, mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type EmbeddedRegistry } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign } from 'notarykit';

export const image = 'registry.test/net-monitor:v1';

export interface Setup {
  readonly registry: EmbeddedRegistry;
  /** A gate with an empty cache. */
  gate(): AdmissionHandler;
}

export async function createSetup(): Promise<Setup> {
  const lab = await createTrustLab();
  const endpoint = createRegistry({
    registry: 'registry.test',
    plainHttp: true,
    fetch: lab.registry.fetch,
    ...webhookRegistry,
  });
  const repository = endpoint.repository('net-monitor');
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  await repository.tag(index, 'v1');
  await sign(repository, index, { signer: lab.signer });
  const statement = {
    name: 'cluster',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: ['*'],
  };
  const policy = parseTrustPolicy(JSON.stringify({ version: '1.0', trustPolicies: [statement] }));
  const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  return {
    registry: lab.registry,
    gate() {
      const core = verifyWith({ policy: { trust }, open: ({ repository: name }) => endpoint.repository(name) });
      return createAdmissionHandler({
        review: { verify: createCachedImageVerifier(core) },
        tags: 'digests',
        maxInFlight: 1_000,
      });
    },
  };
}

/** A pod as a Deployment makes it, sent as the API server sends it: about four kilobytes. */
export function reviewOf(name: string): string {
  const container = {
    name: 'net-monitor',
    image: name,
    command: ['/net-monitor', '--listen=:8080'],
    env: Array.from({ length: 12 }, (_, i) => ({ name: `SETTING_${i}`, value: `value of the setting ${i}` })),
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 },
    volumeMounts: [{ name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  };
  const pod = { group: '', version: 'v1', kind: 'Pod' };
  const fields = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f:field-${i}`, {}]));
  const metadata = {
    generateName: 'net-monitor-7d9c5b8f6-',
    namespace: 'default',
    labels: { app: 'net-monitor', 'pod-template-hash': '7d9c5b8f6' },
    managedFields: [
      { manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:spec': fields } },
    ],
  };
  const request = {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: pod,
    resource: { group: '', version: 'v1', resource: 'pods' },
    requestKind: pod,
    namespace: 'default',
    operation: 'CREATE',
    userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:authenticated'] },
    object: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata,
      spec: { containers: [container], serviceAccountName: 'default' },
      status: {},
    },
    oldObject: null,
    dryRun: false,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}
