import { containsVersion, type Purl, parsePurl, parseVers } from '@notarykit/sbom-gate';
import { buildPurl, formatPurl, schemes, type VersionScheme } from '@notarykit/sbom-gate/internal';
import { expect, type TestContext, test } from 'vitest';
import { countVectors, vectorJson, vectorList, vectorSet } from '../vectors.ts';

type Parts = Record<'type' | 'namespace' | 'name' | 'version' | 'subpath', string | null> & {
  qualifiers: Record<string, string> | null;
};

interface Case {
  readonly test_type: 'parse' | 'build' | 'validate' | 'comparison' | 'equality' | 'containment';
  readonly input: unknown;
  readonly expected_output: unknown;
  readonly expected_failure?: boolean;
}

/** Runs every case of a suite: the same output, or a failure where one is expected. */
function runSuite(context: TestContext, cases: readonly Case[], run: (one: Case) => unknown, fold = false): void {
  const failures: unknown[] = [];
  for (const one of cases) {
    const expected = one.expected_failure === true ? 'failure' : JSON.stringify(normal(one.expected_output));
    let found = 'failure';
    try {
      found = JSON.stringify(normal(run(one)));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
    if (found !== expected && !(fold && found.toLowerCase() === expected.toLowerCase()))
      failures.push({ case: one, found });
  }
  expect(failures).toEqual([]);
  countVectors(context, cases.length, cases.length);
}

/** Members in one order, so that two outputs can be compared as text. */
function normal(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, normal(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function partsOf(purl: Purl): Parts {
  const { type, name } = purl;
  const qualifiers = purl.qualifiers.size === 0 ? null : Object.fromEntries(purl.qualifiers);
  const [namespace, version, subpath] = [purl.namespace ?? null, purl.version ?? null, purl.subpath ?? null];
  return { type, namespace, name, version, qualifiers, subpath };
}

function runPurl({ test_type, input }: Case): unknown {
  if (test_type === 'build') {
    const parts = input as Parts;
    const optional = (text: string | null): string | undefined => text ?? undefined;
    return formatPurl(
      buildPurl({
        type: parts.type ?? '',
        namespace: optional(parts.namespace),
        name: parts.name ?? '',
        version: optional(parts.version),
        qualifiers: new Map(Object.entries(parts.qualifiers ?? {})),
        subpath: optional(parts.subpath),
      }),
    );
  }
  // The suite corrects capitals in qualifier keys when it validates, and refuses them when it parses.
  const purl = parsePurl(input as string, { keys: test_type === 'validate' ? 'any' : 'lower' });
  return test_type === 'parse' ? partsOf(purl) : formatPurl(purl);
}

function schemeOf(name: string): VersionScheme {
  const scheme = schemes.get(name);
  if (scheme === undefined) throw new Error(`no scheme ${name}`);
  return scheme;
}

function runVers({ test_type, input }: Case): unknown {
  if (test_type === 'comparison' || test_type === 'equality') {
    const { input_scheme, versions } = input as { input_scheme: string; versions: [string, string] };
    const scheme = schemeOf(input_scheme);
    if (!versions.every((version) => scheme.isValid(version))) return 'not a version';
    if (test_type === 'equality') return scheme.compare(versions[0], versions[1]) === 0;
    return [...versions].sort((a, b) => scheme.compare(a, b));
  }
  if (test_type === 'containment') {
    const { vers, version } = input as { vers: string; version: string };
    return containsVersion(parseVers(vers, { order: 'sort' }), version);
  }
  const range = parseVers(input as string, { order: test_type === 'parse' ? 'strict' : 'sort' });
  if (test_type === 'validate') return range.text;
  return {
    scheme: range.scheme,
    version_constraints: range.constraints.map(({ comparator, version }) => [comparator, version]),
  };
}

vectorSet('sbom', 'sbom', () => {
  test.for(vectorList('sbom', 'purl'))('purl suite %s', (file, context) => {
    runSuite(context, vectorJson('sbom', 'purl', file).tests, runPurl);
  });

  test.for(vectorList('sbom', 'versions', 'vers-spec'))('vers suite %s', (file, context) => {
    // The NuGet suite prints versions in lower case.
    runSuite(context, vectorJson('sbom', 'versions', 'vers-spec', file).tests, runVers, file.startsWith('nuget'));
  });

  test.for(['deb', 'rpm', 'pypi'])('order table of %s', (name, context) => {
    const scheme = schemeOf(name);
    const { pairs } = vectorJson('sbom', 'versions', 'oracle', `${name}.json`) as { pairs: [string, string, number][] };
    const wrong = pairs.filter(([a, b, sign]) => {
      if (!scheme.isValid(a) || !scheme.isValid(b)) return true;
      return Math.sign(scheme.compare(a, b)) !== sign || Math.sign(scheme.compare(b, a)) + sign !== 0;
    });
    expect(wrong).toEqual([]);
    countVectors(context, pairs.length, pairs.length);
  });

  test('validity of Python versions', (context) => {
    const { validity } = vectorJson('sbom', 'versions', 'oracle', 'pypi.json') as { validity: [string, boolean][] };
    expect(validity.filter(([text, valid]) => schemeOf('pypi').isValid(text) !== valid)).toEqual([]);
    countVectors(context, validity.length, validity.length);
  });
});
