// Runs in Deno without any permission.
import { parseGatePolicy } from '@notarykit/sbom-gate';

const { name } = parseGatePolicy(
  'version: "1.0"\nname: production\nsigners: { build: { trustPolicy: lab } }\nimage: { signedBy: [build] }\n',
);
console.log(name);
