// A private network: its own authority, a proxy, client certificates, two accounts in one registry, a key in Vault, no way out.
import { build, deploy, probe } from './steps/work.js';
import { createWorld } from './steps/world.js';

async function play(): Promise<string> {
  const world = await createWorld();
  try {
    const artifact = await build(world);
    console.log(`built and signed with the key in Vault: ${artifact.digest}`);
    const verdict = await deploy(world);
    console.log(`copied within the registry, from one account to the other: ${verdict.verdict}`);
    for (const [what, code] of await probe(world)) console.log(`refused, ${what}: ${code}`);
    const led = new Set(world.proxy.asked.filter(({ allowed }) => allowed).map(({ host }) => host));
    return `verdict: ${verdict.digest} is ${verdict.verdict}, and the proxy led to ${[...led].join(', ')} alone`;
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
