// A private network: a proxy as the only way out, and over TLS behind it a registry, a Vault, an OCSP responder and a timestamping authority.
import { certify } from './steps/certificate.js';
import { probe } from './steps/probe.js';
import { build, deploy } from './steps/work.js';
import { createWorld } from './steps/world.js';

async function play(): Promise<string> {
  const world = await createWorld();
  try {
    console.log(`requested for the key in Vault: a chain of ${await certify(world)} certificates`);
    const artifact = await build(world);
    console.log(`built, signed with the key in Vault and timestamped: ${artifact.digest}`);
    const verdict = await deploy(world);
    console.log(`copied within the registry, from one account to the other: ${verdict.verdict}`);
    const led = new Set(world.proxy.asked.filter(({ allowed }) => allowed).map(({ place }) => place));
    for (const [what, code] of await probe(world)) console.log(`refused, ${what}: ${code}`);
    return `verdict: ${verdict.digest} is ${verdict.verdict}, and the proxy led to ${[...led].sort().join(', ')} alone`;
  } finally {
    await world.close();
  }
}

play().then(
  (verdict) => console.log(verdict),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
