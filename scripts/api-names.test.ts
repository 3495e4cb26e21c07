// What a name of the public surface promises by its form, held over the report of the surface (`api/`). The rules are in
// docs/decisions/0266-names-of-the-public-surface.md.
import { expect, it } from 'vitest';
import { reports } from './api-report.mjs';

interface Declared {
  readonly name: string;
  readonly entry: string;
  readonly text: string;
}

/** The declarations of a part of a report; a name that is only passed on stands where it is declared. */
function declarationsOf(file: string, part: string): readonly Declared[] {
  const sections = part.split(/^# /m).slice(1);
  return sections.flatMap((section): readonly Declared[] => {
    const [name = '', ...lines] = section.trim().split('\n');
    const text = lines.join('\n');
    return text.startsWith("from '") ? [] : [{ name, entry: file.replace(/\.txt$/, ''), text }];
  });
}

/** Every exported declaration. */
const declared: readonly Declared[] = [...reports()].flatMap(([file, report]) =>
  declarationsOf(file, report.split('## Not exported, but used above')[0] ?? ''),
);

/** Those, and what they mention: users see its members, too. */
const shown: readonly Declared[] = [...reports()].flatMap(([file, report]) => declarationsOf(file, report));

const packageOf = ({ entry }: Declared): string => entry.split('.')[0] ?? '';

/** Members with their type, as `Interface.member`, of the declarations whose name matches. */
function membersOf(names: RegExp): readonly (readonly [member: string, type: string])[] {
  return shown
    .filter(({ name }) => names.test(name))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/^ {4,}(?:readonly )?(\w+)\??: (.*);$/gm)].map(
        ([, member = '', type = '']) => [`${name}.${member}`, type] as const,
      ),
    );
}

/** The members that break a rule, each once. */
const breaking = (names: RegExp, breaks: (member: string, type: string) => boolean): readonly string[] => [
  ...new Set(
    membersOf(names)
      .filter(([path, type]) => breaks(path.split('.')[1] ?? '', type))
      .map(([path]) => path),
  ),
];

it('reads the whole surface', () => {
  expect(shown.length).toBeGreaterThan(900);
  expect(membersOf(/./).length).toBeGreaterThan(2_000);
});

it('a name has one declaration in all packages', () => {
  const packages = new Map<string, Set<string>>();
  for (const each of declared) packages.set(each.name, (packages.get(each.name) ?? new Set()).add(packageOf(each)));
  const double = [...packages].filter(([, all]) => all.size > 1);
  expect(double.map(([name, all]) => `${name}: ${[...all].join(', ')}`)).toEqual([]);
});

it('a duration says its unit', () => {
  const duration = /[tT]imeout|^ttl|Ttl|[iI]nterval|[dD]elay|[wW]ait|[gG]race|[dD]eadline/;
  const unit = /(?:Ms|Seconds|Days)$/;
  expect(breaking(/./, (member, type) => type === 'number' && duration.test(member) && !unit.test(member))).toEqual([
    // The options of the AWS SDK, of the Azure SDK and of google-gax, as these name them.
    'AwsRequestHandler.requestTimeout',
    'AzureHttpRequest.timeout',
    'GcpCallOptions.timeout',
  ]);
});

it('what is bounded in options begins with "max"', () => {
  const bound = /^(?:limit|maximum|most)$|Limit$|^(?:limit|maximum)[A-Z]/;
  expect(breaking(/Options$/, (member, type) => type === 'number' && bound.test(member))).toEqual([
    'ReadBytesOptions.limit',
  ]);
});

it('bounds that go together as "limits" are named by what they bound', () => {
  for (const name of ['EnvelopeLimits', 'RegistryLimits', 'GateLimits'])
    expect(breaking(new RegExp(`^${name}$`), (member) => member.startsWith('max'))).toEqual([]);
});

it('"now" is the present time or a clock, "at" is a moment', () => {
  const present = /^(?:Date|string|Moment|\(\) => (?:Date|number)|Date \| \(\(\) => Date\))$/;
  expect(breaking(/./, (member, type) => member === 'now' && !present.test(type))).toEqual([]);
  expect(breaking(/./, (member, type) => member === 'at' && !/^(?:Date|string)$/.test(type))).toEqual([]);
});

it('"create…" has no twin without it', () => {
  const functions = new Set(declared.filter(({ text }) => text.startsWith('function ')).map(({ name }) => name));
  const twinOf = (name: string): string => name.replace(/^create(.)/, (_, first: string) => first.toLowerCase());
  expect([...functions].filter((name) => twinOf(name) !== name && functions.has(twinOf(name)))).toEqual([]);
});
