import type { JsonObject } from '@notarykit/common/internal';
import { listOf, objectIf, objectsIn, textOf } from '../json/members.js';
import { joinLicenses } from '../licenses/join.js';
import type { Component, ComponentLicenses, UpstreamPackage } from './document.js';

/** syft's package types whose name is not that of the package URL type. */
const purlTypes: Readonly<Record<string, string>> = {
  python: 'pypi',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  'go-module': 'golang',
  'rust-crate': 'cargo',
  'php-composer': 'composer',
  dotnet: 'nuget',
  'gem-bundle': 'gem',
};

/** Reads one artifact of syft JSON, old and new schemas. */
export function readSyftArtifact(object: JsonObject, index: number): Component {
  const version = textOf(object, 'version');
  const purl = textOf(object, 'purl');
  const type = textOf(object, 'type');
  const licenses = readLicenses(object);
  const upstream = upstreamOf(object, version);
  return {
    name: textOf(object, 'name') ?? '',
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(type === undefined ? {} : { type: Object.hasOwn(purlTypes, type) ? (purlTypes[type] as string) : type }),
    ...(licenses === undefined ? {} : { licenses }),
    scope: 'required',
    ...(upstream === undefined ? {} : { upstream: [upstream] }),
    pointer: `/artifacts/${index}`,
  };
}

function readLicenses(object: JsonObject): ComponentLicenses | undefined {
  const texts: { declared: string[]; concluded: string[] } = { declared: [], concluded: [] };
  for (const license of listOf(object, 'licenses')) {
    if (typeof license === 'string') texts.declared.push(license);
    else {
      const [read] = objectsIn([license], 'licenses');
      const text = textOf(read, 'spdxExpression') ?? textOf(read, 'value');
      if (text !== undefined) texts[read?.['type'] === 'concluded' ? 'concluded' : 'declared'].push(text);
    }
  }
  if (texts.declared.length + texts.concluded.length === 0) return undefined;
  const declared = joinLicenses(texts.declared);
  const concluded = joinLicenses(texts.concluded);
  return {
    ...(declared.expression === undefined ? {} : { declared: declared.expression }),
    ...(concluded.expression === undefined ? {} : { concluded: concluded.expression }),
    names: [...declared.names, ...concluded.names],
  };
}

function upstreamOf(object: JsonObject, version: string | undefined): UpstreamPackage | undefined {
  const metadata = objectIf(object, 'metadata');
  const name = textOf(metadata, 'originPackage') ?? textOf(metadata, 'source') ?? sourceRpm(metadata);
  if (name === undefined || listOf(object, 'upstreams').length > 0) return undefined;
  const from = textOf(metadata, 'sourceVersion') ?? version;
  return { name, ...(from === undefined ? {} : { version: from }) };
}

/** The name in `glibc-2.28-72.el8_1.1.src.rpm`. */
function sourceRpm(metadata: JsonObject | undefined): string | undefined {
  const file = textOf(metadata, 'sourceRpm');
  return file === undefined ? undefined : /^(.+)-[^-]+-[^-]+\.src\.rpm$/.exec(file)?.[1];
}
