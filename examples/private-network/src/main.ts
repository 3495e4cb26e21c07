// A private network: a proxy as the only way out, and over TLS behind it a registry, a Vault, an OCSP responder and a timestamping authority.
import { certify } from './steps/certificate.js';
import { probe } from './steps/probe.js';
import { createSetup } from './steps/setup.js';
import { build, deploy } from './steps/work.js';

async function play(): Promise<string> {
  const setup = await createSetup();
  try {
    console.log(`requested for the key in Vault: a chain of ${await certify(setup)} certificates`);
    const artifact = await build(setup);
    console.log(`built, signed with the key in Vault and timestamped: ${artifact.digest}`);
    const verdict = await deploy(setup);
    console.log(`copied within the registry, from one account to the other: ${verdict.verdict}`);
    const led = new Set(setup.proxy.asked.filter(({ allowed }) => allowed).map(({ place }) => place));
    for (const [what, code] of await probe(setup)) console.log(`refused, ${what}: ${code}`);
    return `verdict: ${verdict.digest} is ${verdict.verdict}, and the proxy connected only to ${[...led].sort().join(', ')}`;
  } finally {
    await setup.close();
  }
}

play().then(
  (verdict) => console.log(verdict),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
