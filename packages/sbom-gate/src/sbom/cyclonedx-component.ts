import type { JsonObject, JsonValue } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { objectOf, objectsOf, textOf } from '../json/members.js';
import { joinLicenses } from '../licenses/join.js';
import { type Component, type ComponentLicenses, type ComponentScope, kindMember } from './document.js';

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
    const nested = objectsOf(object, 'components');
    for (let i = nested.length - 1; i >= 0; i--)
      waiting.push([nested[i] as JsonObject, `${at}/components/${i}`, false]);
  }
}

// Written member by member: this runs for every component, and objects put together by spreading cost several times as much.
function readCyclonedxComponent(object: JsonObject, pointer: string, root: boolean): Component {
  const component: Writable<Component> = {
    name: textOf(object, 'name') ?? '',
    scope: scopeOf(textOf(object, 'scope'), isExternal(object['isExternal'])),
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
  if (purl === undefined && kindMember(textOf(object, 'type'), [], isTarget(object)).noPackage)
    component.noPackage = true;
  return component;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Trivy lists the lock file or the program in which it found packages as an application of that class. */
function isTarget(object: JsonObject): boolean {
  return (
    textOf(object, 'version') === undefined &&
    objectsOf(object, 'properties').some(
      (property) => property['name'] === 'aquasecurity:trivy:Class' && property['value'] === 'lang-pkgs',
    )
  );
}

/** XML writes `true` as text. */
function isExternal(value: JsonValue | undefined): boolean {
  return value === true || value === 'true' || value === '1';
}

function scopeOf(scope: string | undefined, external: boolean): ComponentScope {
  if (external) return 'external';
  return scope === 'optional' || scope === 'excluded' ? scope : 'required';
}

/** Trivy's properties name the source package of a distribution's binary package. */
function upstreamOf(object: JsonObject): Component['upstream'] {
  let name: string | undefined;
  let version: string | undefined;
  for (const property of objectsOf(object, 'properties')) {
    const value = textOf(property, 'value');
    if (property['name'] === 'aquasecurity:trivy:SrcName') name = onlySource(name, value);
    if (property['name'] === 'aquasecurity:trivy:SrcVersion') version = onlySource(version, value);
  }
  return name === undefined ? undefined : [{ name, ...(version === undefined ? {} : { version }) }];
}

function onlySource(known: string | undefined, value: string | undefined): string | undefined {
  if (known !== undefined && value !== undefined && known !== value)
    throw new GateError('ERR_GATE_EVIDENCE', 'CycloneDX: a component names two source packages');
  return value ?? known;
}

/**
 * Licences of a component: several without an expression all apply. `acknowledgement` (1.6) tells declared from
 * concluded; without it they are what the document declares.
 */
function readLicenses(object: JsonObject): ComponentLicenses | undefined {
  const list = objectsOf(object, 'licenses');
  if (list.length === 0) return undefined;
  const texts: { declared: string[]; concluded: string[] } = { declared: [], concluded: [] };
  const names: string[] = [];
  for (const choice of list) {
    const license = objectOf(choice, 'license');
    const kind = textOf(license ?? choice, 'acknowledgement') === 'concluded' ? 'concluded' : 'declared';
    // One of the three by the specification; where there are more, each counts.
    for (const text of [textOf(choice, 'expression'), textOf(license, 'id')])
      if (text !== undefined) texts[kind].push(text);
    const name = textOf(license, 'name');
    if (name !== undefined) names.push(name);
  }
  const declared = joinLicenses(texts.declared);
  const concluded = joinLicenses(texts.concluded);
  const licenses: Writable<ComponentLicenses> = { names: [...names, ...declared.names, ...concluded.names] };
  if (declared.expression !== undefined) licenses.declared = declared.expression;
  if (concluded.expression !== undefined) licenses.concluded = concluded.expression;
  return licenses;
}
