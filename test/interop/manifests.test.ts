import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { renderManifest } from '../../examples/admission-webhook/src/webhook/render.js';
import { peer } from '../../scripts/peers.mjs';
import { createReplicaLab, type ReplicaLab, replicaToken } from '../integration/admission/replicas.js';
import { succeed } from './support/program.js';

const folders = ['examples/admission-webhook/manifests', 'examples/verification-service/manifests'];
/** Kinds that others define: k8s.io/api has no types for them. */
const foreign = /^(?:externaldata|templates|constraints)\.gatekeeper\.sh\/|^kyverno\.io\//;

describe('kubernetes-manifests', () => {
  let program: string;
  let setup: ReplicaLab;
  beforeAll(async () => {
    program = await peer('k8s-dispatcher');
    setup = await createReplicaLab('service');
  });
  afterAll(() => setup.close());

  const decode = (text: string): Promise<string> => succeed(program, ['-decode'], { input: text });

  it('each object of the manifests decodes strictly into its type of k8s.io/api', async () => {
    const ca = readFileSync(setup.caFile, 'utf8');
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    const documents = files.flatMap((file) => parseAllDocuments(renderManifest(readFileSync(file, 'utf8'), ca)));
    const own = documents.filter((document) => !foreign.test(String(document.get('apiVersion'))));
    const names = JSON.parse(await decode(own.map(String).join('---\n'))) as readonly string[];
    expect(names).toHaveLength(own.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration/notarykit-admission',
        'apps/v1/Deployment/notarykit-admission',
        'apps/v1/Deployment/notarykit-service',
        'batch/v1/Job/verify-images-',
      ]),
    );
  });

  it('a member that no type has is found', async () => {
    const text = readFileSync(join(folders[1] ?? '', 'service.yaml'), 'utf8');
    await expect(decode(text.replace('replicas: 3', 'replica: 3'))).rejects.toThrow('unknown field "spec.replica"');
    await expect(decode(text.replace('runAsNonRoot: true', 'runAsNonRoot: "true"'))).rejects.toThrow('runAsNonRoot');
  });

  it('the hook ends well for a trusted image, and with an error and its reason for any other', async () => {
    await setup.image('net-monitor', true);
    await setup.image('bare', false);
    const replica = await setup.start();
    const job = parseDocument(readFileSync(join(folders[1] ?? '', 'argocd.yaml'), 'utf8')).toJS();
    const [container] = job.spec.template.spec.containers;
    const header = join(setup.folder, 'header');
    writeFileSync(header, `Authorization: Bearer ${replicaToken}\n`);
    const run = (name: string) => {
      const args = (container.args as readonly string[]).map((word) =>
        word
          .replace('/etc/notarykit/ca.crt', setup.caFile)
          .replace('/etc/notarykit/header', header)
          .replace('registry.wabbit-networks.io/net-monitor:v1', `${setup.host}/${name}:v1`),
      );
      const connect = `notarykit-service.notarykit.svc:443:127.0.0.1:${replica.port}`;
      return new Promise<{ readonly code: unknown; readonly stdout: string }>((resolve) => {
        execFile(container.command[0], ['--connect-to', connect, '--noproxy', '*', ...args], (error, stdout) =>
          resolve({ code: error === null ? 0 : error.code, stdout }),
        );
      });
    };
    expect(await run('net-monitor')).toMatchObject({ code: 0, stdout: expect.stringContaining('"trusted":true') });
    // 22 is curl's code for a status that is an error.
    expect(await run('bare')).toMatchObject({ code: 22, stdout: expect.stringContaining('NO_SIGNATURE') });
    expect(await run('none')).toMatchObject({ code: 22, stdout: expect.stringContaining('IMAGE_NOT_FOUND') });
    expect(await replica.stop()).toBe(0);
  });
});
