import { formatTime } from '@notarykit/common';
import { containsVersion, parsePurl, parseVers } from '@notarykit/sbom-gate';

/** What is known of a vulnerability. */
export interface Advisory {
  readonly id: string;
  /** Name of the Debian package. */
  readonly package: string;
  /** A version range (VERS). */
  readonly affected: string;
  readonly fixed: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

/** A component of a CycloneDX document, as far as the scanner reads it. */
export interface Component {
  readonly purl?: string;
}

/** Looks every Debian package up; others are not looked at. */
export function scan(
  components: readonly Component[],
  advisories: readonly Advisory[],
  { image, now }: { readonly image: string; readonly now: Date },
): object {
  const packages = components.flatMap(({ purl }) => (purl?.startsWith('pkg:deb/debian/') ? [debianPackage(purl)] : []));
  const found = packages.flatMap((one) =>
    advisories.filter((advisory) => affects(advisory, one)).map((advisory) => finding(advisory, one)),
  );
  const target = { Target: `${image} (debian 12)`, Class: 'os-pkgs', Type: 'debian' };
  return {
    SchemaVersion: 2,
    CreatedAt: formatTime(now),
    ArtifactName: image,
    ArtifactType: 'cyclonedx',
    Metadata: { OS: { Family: 'debian', Name: '12' }, RepoDigests: [image] },
    Results: packages.length === 0 ? [] : [{ ...target, Vulnerabilities: found }],
  };
}

interface DebianPackage {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
}

function debianPackage(purl: string): DebianPackage {
  const { name, version } = parsePurl(purl);
  if (version === undefined) throw new Error(`${purl} has no version`);
  return { purl, name, version };
}

/** A version that cannot be compared may be affected. */
function affects(advisory: Advisory, { name, version }: DebianPackage): boolean {
  return advisory.package === name && containsVersion(parseVers(advisory.affected), version) !== false;
}

function finding({ id, fixed, severity }: Advisory, { purl, name, version }: DebianPackage): object {
  return {
    VulnerabilityID: id,
    PkgName: name,
    PkgIdentifier: { PURL: purl },
    InstalledVersion: version,
    FixedVersion: fixed,
    Status: 'fixed',
    Severity: severity,
  };
}
