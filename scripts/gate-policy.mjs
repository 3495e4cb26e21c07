// Writes the schema file of gate policies and their reference out of the schema that policies are checked against:
// node scripts/gate-policy.mjs (after a build)
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The files that are written. */
export const files = {
  schema: new URL('../packages/sbom-gate/schemas/gate-policy.schema.json', import.meta.url),
  reference: new URL('../docs/gate-policy.md', import.meta.url),
};

const head = `# Gate policies

A gate policy says what an image must show before it may be deployed. It is JSON or YAML 1.2, without duplicates, anchors and aliases; members that are not known are
errors. Editors complete and check it by the schema that the package carries:

\`\`\`yaml
# yaml-language-server: $schema=node_modules/@notarykit/sbom-gate/schemas/gate-policy.schema.json
version: "1.0"
name: production
signers: { build: { trustPolicy: wabbit-build }, scanner: { trustPolicy: wabbit-scanner } }
image: { signedBy: [build] }
sbom:
  signedBy: [build]
  blockPackages: [{ id: log4shell, purl: "pkg:maven/org.apache.logging.log4j/log4j-core", versions: "vers:maven/<2.17.1" }]
scan: { signedBy: [scanner], maxAge: 7d, block: { severityAtOrAbove: critical } }
\`\`\`

This page is written by \`scripts/gate-policy.mjs\` out of the schema that policies are checked against (\`gatePolicySchema\`).
`;

/** The reference as Markdown: a table for each object. */
export function policyReference(schema) {
  const parts = [head, ...objectsOf('', schema).map(([name, object]) => section(name, object, schema))];
  const shared = ['packageRule', 'signer'].map((name) => section(name, schema.definitions[name], schema));
  const words = ['duration', 'action', 'digest', 'signerList'].map(
    (name) => `- **${name}**: ${schema.definitions[name].description}`,
  );
  return `${[...parts, ...shared].join('\n')}\n## Kinds of values\n\n${words.join('\n')}\n`;
}

/** An object and those within it, outermost first. */
function objectsOf(name, schema) {
  const own = schema.type === 'object' && schema.properties !== undefined ? [[name, schema]] : [];
  const within = Object.entries(schema.properties ?? {}).flatMap(([member, one]) =>
    objectsOf(name === '' ? member : `${name}.${member}`, one),
  );
  return [...own, ...within, ...(schema.items === undefined ? [] : objectsOf(`${name}[]`, schema.items))];
}

function section(name, { properties, required = [], description }) {
  const title = name === '' ? 'The document' : `\`${name}\``;
  const rows = Object.entries(properties).map(([member, schema]) => {
    const value = `\`${member}\`${required.includes(member) ? ' (required)' : ''}`;
    return `| ${value} | ${kindOf(schema)} | ${defaultOf(schema)} | ${schema.description} |`;
  });
  const table = ['| member | value | default | meaning |', '| --- | --- | --- | --- |', ...rows];
  return `## ${title}\n\n${description}\n\n${table.join('\n')}\n`;
}

function defaultOf(schema) {
  return schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
}

function kindOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref.slice('#/definitions/'.length);
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.oneOf !== undefined) return schema.oneOf.map(kindOf).join(', or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items).replace(/^string$/, 'strings')}`;
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum ?? 'any'}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'signers by name' : 'object';
  return { string: 'string', boolean: '`true`, `false`' }[schema.type];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { gatePolicySchema } = await import('../packages/sbom-gate/dist/index.js');
  writeFileSync(files.schema, `${JSON.stringify(gatePolicySchema, null, 2)}\n`);
  writeFileSync(files.reference, policyReference(gatePolicySchema));
  spawnSync('npx', ['biome', 'format', '--write', ...Object.values(files).map(fileURLToPath)], { stdio: 'inherit' });
}
