import { isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import { listOf, objectOf, objectsOf, textOf } from '../json/members.js';
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

function readCyclonedxComponent(object: JsonObject, pointer: string, root: boolean): Component {
  const licenses = readLicenses(objectsOf(object, 'licenses'));
  const namespace = textOf(object, 'group');
  const version = textOf(object, 'version');
  const purl = textOf(object, 'purl');
  const ref = textOf(object, 'bom-ref');
  return {
    name: textOf(object, 'name') ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(licenses === undefined ? {} : { licenses }),
    scope: scopeOf(object['scope'], object['isExternal']),
    ...upstreamOf(object),
    ...(ref === undefined ? {} : { ref }),
    ...(root ? { root } : {}),
    pointer,
  };
}

function scopeOf(scope: JsonValue | undefined, external: JsonValue | undefined): ComponentScope {
  if (external === true) return 'external';
  return scope === 'optional' || scope === 'excluded' ? scope : 'required';
}

/** Trivy's properties name the source package of a distribution's binary package. */
function upstreamOf(object: JsonObject): Pick<Component, 'upstream'> {
  let name: string | undefined;
  let version: string | undefined;
  for (const property of listOf(object, 'properties')) {
    if (!isJsonObject(property)) continue;
    if (property['name'] === 'aquasecurity:trivy:SrcName') name = textOf(property, 'value');
    if (property['name'] === 'aquasecurity:trivy:SrcVersion') version = textOf(property, 'value');
  }
  if (name === undefined) return {};
  return { upstream: [{ name, ...(version === undefined ? {} : { version }) }] };
}

/**
 * Licences of a component: several without an expression all apply. `acknowledgement` (1.6) tells declared from
 * concluded; without it they are what the document declares.
 */
function readLicenses(list: readonly JsonObject[]): ComponentLicenses | undefined {
  if (list.length === 0) return undefined;
  const texts: { declared: string[]; concluded: string[] } = { declared: [], concluded: [] };
  const names: string[] = [];
  for (const choice of list) {
    const license = objectOf(choice, 'license');
    const text = textOf(choice, 'expression') ?? textOf(license, 'id');
    const name = textOf(license, 'name');
    const kind = textOf(license ?? choice, 'acknowledgement') === 'concluded' ? 'concluded' : 'declared';
    if (text !== undefined) texts[kind].push(text);
    else if (name !== undefined) names.push(name);
  }
  const declared = joined(texts.declared);
  const concluded = joined(texts.concluded);
  return {
    ...(declared === undefined ? {} : { declared }),
    ...(concluded === undefined ? {} : { concluded }),
    names,
  };
}

function joined(texts: readonly string[]): string | undefined {
  if (texts.length <= 1) return texts[0];
  return texts.map((text) => (/\s/.test(text) ? `(${text})` : text)).join(' AND ');
}
