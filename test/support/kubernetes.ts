import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';

/** An object of a manifest. */
export interface KindedObject {
  readonly kind: string;
}

/** The parts of a pod that tests look at. */
export interface PodObject {
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

interface Named {
  readonly name: string;
}

/** A container of a Deployment. */
export interface ContainerObject extends Named {
  readonly env: readonly (Named & { readonly value?: string })[];
  readonly ports: readonly [Named & { readonly containerPort: number }];
  readonly readinessProbe: { readonly httpGet: object };
  readonly livenessProbe: { readonly httpGet: object };
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[];
  readonly securityContext: object;
}

/** The parts of manifests that tests look at, by kind. */
export interface ManifestKinds {
  readonly Deployment: {
    readonly metadata: Named & { readonly namespace: string };
    readonly spec: {
      readonly selector: { readonly matchLabels: object };
      readonly template: {
        readonly metadata: { readonly labels: object };
        readonly spec: {
          readonly containers: readonly [ContainerObject];
          readonly serviceAccountName: string;
          readonly terminationGracePeriodSeconds: number;
          readonly volumes: readonly Named[];
        };
      };
    };
  };
  readonly Service: {
    readonly metadata: Named & { readonly namespace: string };
    readonly spec: {
      readonly selector: object;
      readonly ports: readonly [{ readonly port: number; readonly targetPort: string }];
    };
  };
  readonly ServiceAccount: { readonly metadata: Named };
  readonly Provider: { readonly spec: { readonly url: string; readonly timeout: number } };
  readonly MutatingWebhookConfiguration: WebhookConfiguration;
  readonly ValidatingWebhookConfiguration: WebhookConfiguration;
}

interface WebhookConfiguration {
  readonly webhooks: readonly [
    {
      readonly clientConfig: { readonly service: object };
      readonly timeoutSeconds: number;
      readonly namespaceSelector: {
        readonly matchExpressions: readonly [{ readonly values: readonly string[] }];
      };
    },
  ];
}

/** The objects of a manifest in YAML. */
export function parseManifest(yaml: string): readonly KindedObject[] {
  return parseAllDocuments(yaml).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as KindedObject;
  });
}

/** The object of a kind that occurs once. */
export function onlyObject<K extends keyof ManifestKinds>(objects: readonly KindedObject[], kind: K): ManifestKinds[K] {
  const found = objects.filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as unknown as ManifestKinds[K];
}
