// The SBOM of a package: CycloneDX 1.6, with every package that an installation of it brings.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** `folder` is that of the package, with its dependencies installed; `tarball` is what is published. */
export function sbomOf(folder, tarball) {
  const manifest = manifestOf(folder);
  const found = new Map();
  collect(folder, found);
  const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { ...componentOf(manifest), hashes: [{ alg: 'SHA-256', content: hash }] } },
    components: [...found.values()]
      .map(({ manifest: of }) => componentOf(of))
      .sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [{ manifest, needs: needsOf(folder) }, ...found.values()].map(({ manifest: of, needs }) => ({
      ref: purlOf(of),
      dependsOn: needs.map((need) => purlOf(manifestOf(need))),
    })),
  };
}

function componentOf({ name, version, license, description }) {
  const purl = purlOf({ name, version });
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    ...(description === undefined ? {} : { description }),
    ...(typeof license === 'string' ? { licenses: [{ expression: license }] } : {}),
    purl,
  };
}

function collect(folder, found) {
  for (const need of needsOf(folder)) {
    if (found.has(need)) continue;
    found.set(need, { manifest: manifestOf(need), needs: needsOf(need) });
    collect(need, found);
  }
}

/** Folders of what a package depends on; optional dependencies of other platforms are not there. */
function needsOf(folder) {
  const { dependencies = {} } = manifestOf(folder);
  return Object.keys(dependencies).map((name) => locate(folder, name));
}

function locate(from, name) {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return realpathSync(path);
    if (dirname(folder) === folder) throw new Error(`${from}: ${name} is not installed`);
  }
}
