import { readFileSync } from 'node:fs';
import { streamOf } from '@notarykit/common/internal';
import { type Component, readDocument } from '@notarykit/sbom-gate';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorList, vectorPath, vectorSet } from '../vectors.ts';

// The README of the vectors counts no licences. The counts here are made a second time, by a plain walk over the parsed document
// that shares no code with the readers: per file, how many packages state a licence at all, and how many statements are NOASSERTION or NONE.

type Json = Record<string, unknown>;

interface Counts {
  /** Packages that state a licence, as an expression or by name. */
  readonly stated: number;
  /** Statements that say nothing. */
  readonly empty: number;
}

const nothing = (text: unknown): boolean => text === 'NOASSERTION' || text === 'NONE';
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const items = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];

function tally(packages: readonly (readonly string[])[]): Counts {
  return {
    stated: packages.filter((texts) => texts.some((text) => !nothing(text))).length,
    empty: packages.flat().filter(nothing).length,
  };
}

function ofSpdx2(document: Json): Counts {
  return tally(
    items(document['packages']).map((one) => [one['licenseConcluded'], one['licenseDeclared']].filter(isText)),
  );
}

function ofSpdx3(document: Json): Counts {
  const graph = items(document['@graph']);
  const byId = new Map(graph.map((element) => [element['spdxId'] ?? element['@id'], element]));
  const packages = graph.filter(({ type }) => /^(software_|ai_AI|dataset_Dataset)Package$/.test(String(type)));
  return tally(
    packages.map(({ spdxId }) =>
      graph
        .filter((one) => one['from'] === spdxId && /license$/i.test(String(one['relationshipType'])))
        .flatMap((one) => one['to'] as string[])
        .flatMap((id) => {
          const target = byId.get(id);
          const text = target?.['simplelicensing_licenseExpression'] ?? target?.['name'];
          if (isText(text)) return [text];
          return id.includes('spdx.org/licenses/') ? [id] : [];
        }),
    ),
  );
}

function ofCyclonedx(document: Json): Counts {
  const all: Json[] = [];
  const walk = (list: unknown): void => {
    for (const component of items(list)) {
      all.push(component);
      walk(component['components']);
    }
  };
  walk(document['components']);
  const root = (document['metadata'] as Json | undefined)?.['component'];
  if (root !== undefined) walk([root]);
  return tally(
    all.map((component) =>
      items(component['licenses'])
        .map(
          (choice) =>
            choice['expression'] ?? (choice['license'] as Json)?.['id'] ?? (choice['license'] as Json)?.['name'],
        )
        .filter(isText),
    ),
  );
}

function ofSyft(document: Json): Counts {
  return tally(
    items(document['artifacts']).map(({ licenses }) =>
      (Array.isArray(licenses) ? licenses : [])
        .map((one) => (typeof one === 'string' ? one : ((one?.['spdxExpression'] || one?.['value']) as unknown)))
        .filter(isText),
    ),
  );
}

function ofTagValue(text: string): Counts {
  const sections = text.split(/^PackageName:/m).slice(1);
  return tally(
    sections.map((section) => {
      const own = section.split(/^(?:FileName|SnippetSPDXID|LicenseID):/m)[0] ?? '';
      return [...own.matchAll(/^PackageLicense(?:Declared|Concluded): *(.+?) *\r?$/gm)].map(
        (match) => match[1] as string,
      );
    }),
  );
}

/** In the schema the licences of a component stand before its evidence and the components in it; ancestors are not in the image. */
function ofXml(text: string): Counts {
  const sections = text
    .replaceAll(/<pedigree>[\s\S]*?<\/pedigree>/g, '')
    .split(/<(?:\w+:)?component\s/)
    .slice(1);
  return tally(
    sections.map((section) => {
      const own = section.split(/<(?:\w+:)?(?:evidence|components|services|dependencies)[\s>]/)[0] ?? '';
      const list = /<(?:\w+:)?licenses>([\s\S]*?)<\/(?:\w+:)?licenses>/.exec(own)?.[1] ?? '';
      return [...list.matchAll(/<(?:\w+:)?(?:id|name|expression)(?:\s[^>]*)?>(?:<!\[CDATA\[)?([^<\]]+)/g)].map(
        (match) => match[1] as string,
      );
    }),
  );
}

function found(components: readonly Component[]): Counts {
  return tally(
    components.map(({ licenses }) =>
      [licenses?.concluded, licenses?.declared, ...(licenses?.names ?? [])].filter(isText),
    ),
  );
}

const counters: Readonly<Record<string, (document: Json) => Counts>> = {
  'spdx/json': ofSpdx2,
  'spdx/v3': ofSpdx3,
  'cyclonedx/json': ofCyclonedx,
  'cyclonedx/spec': ofCyclonedx,
  syft: ofSyft,
};

const limits = { documentBytes: 128 * 1024 * 1024, depth: 256, items: 500_000 };

async function componentsOf(folder: string, file: string): Promise<readonly Component[] | undefined> {
  const outcome = await readDocument(streamOf(vectorBytes('sbom', ...folder.split('/'), file)), { limits });
  return 'problem' in outcome || outcome.content.class !== 'sbom' ? undefined : outcome.content.components;
}

vectorSet('sbom', 'sbom', () => {
  test.for(Object.keys(counters))('licences of every file in %s', async (folder, context) => {
    const wrong: unknown[] = [];
    let read = 0;
    for (const file of vectorList('sbom', ...folder.split('/')).filter((name) => name.endsWith('.json'))) {
      const components = await componentsOf(folder, file);
      if (components === undefined) continue;
      read++;
      const expected = counters[folder]?.(
        JSON.parse(readFileSync(vectorPath('sbom', ...folder.split('/'), file), 'utf8')),
      );
      const own = found(components);
      if (JSON.stringify(own) !== JSON.stringify(expected)) wrong.push([file, own, expected]);
    }
    expect(wrong).toEqual([]);
    expect(read).toBeGreaterThan(0);
    countVectors(context, read, read);
  });

  test.for([
    ['spdx/tagvalue', ofTagValue],
    ['cyclonedx/xml', ofXml],
  ] as const)('licences of every file in %s', async ([folder, count], context) => {
    const files = vectorList('sbom', ...folder.split('/'));
    let read = 0;
    for (const file of files) {
      const components = await componentsOf(folder, file);
      if (components === undefined) continue;
      read++;
      const expected = count(readFileSync(vectorPath('sbom', ...folder.split('/'), file), 'utf8'));
      expect([file, found(components)]).toEqual([file, expected]);
    }
    expect(read).toBeGreaterThan(0);
    countVectors(context, read, read);
  });
});
