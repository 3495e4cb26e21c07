import type { Step } from '../session/steps.js';

const image = 'localhost:5000/net-monitor:v2';
const production = 'localhost:5000/production/net-monitor:v2';
const gate = 'notarykit gate --gate-policy release.yaml';
const verified = '--base-images base-images.json';

/** A release: from the base image of the Dockerfile to production, with two signers, two platforms, and a gate. */
export const releaseSteps: readonly Step[] = [
  { code: 0, command: 'notarykit policy import release.json' },
  // The base image is verified before anything is built upon it.
  { code: 1, command: 'notarykit base-images Dockerfile' },
  { code: 0, command: 'notarykit sign localhost:5000/base/alpine:3.20' },
  {
    code: 0,
    command:
      'notarykit base-images --pinned-dockerfile Dockerfile.pinned --source-policy source-policy.json --digests base-images.json Dockerfile',
  },
  // Who made it and who examined it sign the index and each image in it.
  { code: 0, command: `notarykit sign --platforms both --kind vendor ${image}` },
  { code: 1, command: `notarykit verify --platforms both ${image}` },
  {
    code: 0,
    command: `notarykit sign --platforms both --kind certifier --key-file quality-key.pem --certificate-file quality-chain.pem ${image}`,
  },
  { code: 0, command: `notarykit verify --platforms both ${image}` },
  { code: 1, command: `notarykit verify --at 2120-06-01 ${image}` },
  // A change of the policy is tried on what an audit has seen.
  { code: 0, command: `notarykit audit --record release.jsonl ${image}` },
  { code: 1, command: 'notarykit policy simulate release.jsonl stricter.json' },
  // The gate holds the provenance that the builder wrote against the base images that were verified.
  { code: 1, command: `${gate} ${image}` },
  { code: 0, command: `${gate} ${verified} ${image}` },
  // The short path: a summary of that decision, and what becomes of it.
  { code: 0, command: `notarykit summary attest --gate-policy release.yaml ${verified} ${image}` },
  { code: 0, command: `${gate} ${verified} ${image}` },
  { code: 0, command: `notarykit summary revoke --gate-policy release.yaml ${image}` },
  { code: 0, command: `${gate} ${verified} ${image}` },
  {
    code: 0,
    command: `notarykit promote --gate-policy release.yaml --platforms both ${verified} ${image} ${production}`,
  },
  { code: 0, command: `notarykit verify --platforms both ${production}` },
];
