import { readFileSync } from 'node:fs';
import { openApiDocument } from '@notarykit/admission/internal';
import { describe, expect, it } from 'vitest';
import { serveCommand } from '../../../packages/cli/src/commands/serve.js';
import { onlyObject, parseManifest } from '../../support/kubernetes.js';

const text = (name: string): string => readFileSync(`examples/verification-service/manifests/${name}`, 'utf8');
const { paths } = openApiDocument as { paths: Readonly<Record<string, object>> };
const url = 'https://notarykit-service.notarykit.svc';

describe('the manifests of the verification service', () => {
  it('the command has every option, and listens where probes and service look', () => {
    const objects = parseManifest(text('service.yaml'));
    const { metadata, spec } = onlyObject(objects, 'Deployment');
    const service = onlyObject(objects, 'Service');
    const [container] = spec.template.spec.containers;
    const { args } = container as unknown as { args: readonly string[] };
    expect(args[0]).toBe('serve');
    for (const option of args.slice(1)) expect(serveCommand.options).toHaveProperty(option.replace(/^--|=.*$/g, ''));
    const [port] = container.ports;
    expect(args).toContain(`--port=${port.containerPort}`);
    expect(service.spec.ports[0].targetPort).toBe(port.name);
    expect(service.spec.selector).toEqual(spec.selector.matchLabels);
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    expect(`https://${metadata.name}.${metadata.namespace}.svc`).toBe(url);
    for (const probe of [container.readinessProbe, container.livenessProbe])
      expect(paths).toHaveProperty((probe.httpGet as { path: string }).path);
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    for (const file of args.flatMap((each) => /-file=(.+)\/[^/]+$/.exec(each)?.[1] ?? []))
      expect(mounts).toContain(file);
    const named = spec.template.spec.volumes.map(({ name }) => name);
    expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual([...named].sort());
    const [drain] = args.flatMap((each) => /^--drain=(\d+)s$/.exec(each)?.[1] ?? []);
    // Drain, and ten seconds for what is under way.
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(drain) + 10);
  });

  it('clients match the API, and accept only a positive answer', () => {
    const kyverno = text('kyverno.yaml');
    expect(kyverno).toContain(`url: ${url}/v1/verify?refusal=200`);
    expect(kyverno).toMatch(/key: "\{\{ verdict\.trusted \}\}"\n +operator: NotEquals\n +value: true\n/);
    expect(kyverno).toContain('failurePolicy: Fail');
    const hook = text('argocd.yaml');
    expect(hook).toContain(`- ${url}/v1/verify\n`);
    expect(hook).toContain('--fail-with-body');
    for (const path of ['/v1/verify']) expect(paths).toHaveProperty(path);
  });

  it.each(['kyverno.yaml', 'argocd.yaml'])('the guide shows %s as it stands', (name) => {
    expect(readFileSync('docs/verification-service.md', 'utf8')).toContain(`\`\`\`yaml\n${text(name)}\`\`\``);
  });
});
