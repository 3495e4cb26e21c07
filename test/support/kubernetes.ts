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
