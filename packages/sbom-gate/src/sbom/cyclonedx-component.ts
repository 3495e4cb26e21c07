import { isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import { listOf, objectOf, textOf } from '../json/members.js';
import { joinLicenses } from '../licenses/join.js';
import type { Component, ComponentLicenses, ComponentScope } from './document.js';

/**
 * Reads a component and all that are assembled into it, at any level and without recursion, into one flat list. With
 * `root` the component is the image itself.
 */
export function readCyclonedxComponents(
  value: JsonObject,
  pointer: string,
  into: Component[],
  options: { readonly root?: boolean } = {},
): void {
  const waiting: [JsonObject, string, boolean][] = [[value, pointer, options.root === true]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [object, at, root] = next;
    into.push(readCyclonedxComponent(object, at, root));
    const nested = listOf(object, 'components');
    for (let i = nested.length - 1; i >= 0; i--) {
      const child = nested[i];
      if (isJsonObject(child)) waiting.push([child, `${at}/components/${i}`, false]);
    }
  }
}

// Written member by member: this runs for every component, and objects put together by spreading cost several times as much.
function readCyclonedxComponent(object: JsonObject, pointer: string, root: boolean): Component {
  const component: Writable<Component> = {
    name: textOf(object, 'name') ?? '',
    scope: scopeOf(object['scope'], object['isExternal']),
    pointer,
  };
  const licenses = readLicenses(object);
  const namespace = textOf(object, 'group');
  const version = textOf(object, 'version');
  const purl = textOf(object, 'purl');
  const ref = textOf(object, 'bom-ref');
  const upstream = upstreamOf(object);
  if (namespace !== undefined) component.namespace = namespace;
  if (version !== undefined) component.version = version;
  if (purl !== undefined) component.purl = purl;
  if (licenses !== undefined) component.licenses = licenses;
  if (upstream !== undefined) component.upstream = upstream;
  if (ref !== undefined) component.ref = ref;
  if (root) component.root = root;
  return component;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function scopeOf(scope: JsonValue | undefined, external: JsonValue | undefined): ComponentScope {
  if (external === true) return 'external';
  return scope === 'optional' || scope === 'excluded' ? scope : 'required';
}

/** Trivy's properties name the source package of a distribution's binary package. */
function upstreamOf(object: JsonObject): Component['upstream'] {
  let name: string | undefined;
  let version: string | undefined;
  for (const property of listOf(object, 'properties')) {
    if (!isJsonObject(property)) continue;
    if (property['name'] === 'aquasecurity:trivy:SrcName') name = textOf(property, 'value');
    if (property['name'] === 'aquasecurity:trivy:SrcVersion') version = textOf(property, 'value');
  }
  if (name === undefined) return undefined;
  return [{ name, ...(version === undefined ? {} : { version }) }];
}

/**
 * Licences of a component: several without an expression all apply. `acknowledgement` (1.6) tells declared from
 * concluded; without it they are what the document declares.
 */
function readLicenses(object: JsonObject): ComponentLicenses | undefined {
  const list = listOf(object, 'licenses');
  if (list.length === 0) return undefined;
  const texts: { declared: string[]; concluded: string[] } = { declared: [], concluded: [] };
  const names: string[] = [];
  for (const choice of list) {
    if (!isJsonObject(choice)) continue;
    const license = objectOf(choice, 'license');
    const text = textOf(choice, 'expression') ?? textOf(license, 'id');
    const name = textOf(license, 'name');
    const kind = textOf(license ?? choice, 'acknowledgement') === 'concluded' ? 'concluded' : 'declared';
    if (text !== undefined) texts[kind].push(text);
    else if (name !== undefined) names.push(name);
  }
  const declared = joinLicenses(texts.declared);
  const concluded = joinLicenses(texts.concluded);
  const licenses: Writable<ComponentLicenses> = { names: [...names, ...declared.names, ...concluded.names] };
  if (declared.expression !== undefined) licenses.declared = declared.expression;
  if (concluded.expression !== undefined) licenses.concluded = concluded.expression;
  return licenses;
}
