import { quote } from '@notarykit/common/internal';
import { canonicalHost, canonicalRepository } from '@notarykit/oci/internal';
import { isRegistry, isRegistryScope } from '../document/scopes.js';
import { TrustError } from '../errors.js';
import { parseAnyTrustPolicy } from '../extended/parse-any.js';
import { addItem, addMember, removeItem, replaceList } from './layout.js';
import { itemSpans, memberSpans, rootSpan, type Span } from './spans.js';

/** What is added to the lists of a statement, and removed from them. */
export interface StatementChange {
  readonly addScopes?: readonly string[];
  readonly removeScopes?: readonly string[];
  readonly addIdentities?: readonly string[];
  readonly removeIdentities?: readonly string[];
  readonly addTrustStores?: readonly string[];
  readonly removeTrustStores?: readonly string[];
  /** Of a statement with several signers: whose identities and trust stores are changed. */
  readonly signer?: string;
}

/**
 * A policy document with one more statement, at its end or before another one. Everything else stays exactly as it is written: order,
 * white space and unknown members. JSON has no comments: a document with comments is refused.
 *
 * @param document - a plain or an extended policy, JSON
 * @throws {TrustError} `ERR_TRUST_POLICY` where the document breaks a rule, before or after
 */
export function addStatement(document: string, statement: object, options: { readonly before?: string } = {}): string {
  checked(document);
  const array = statementsOf(document);
  const { before } = options;
  const place = before === undefined ? undefined : statementAt(document, before).span;
  return checked(addItem(document, array, statement, place));
}

/**
 * A policy document without one of its statements, and otherwise as it was.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for a statement that is not there, and for the last one
 */
export function removeStatement(document: string, name: string): string {
  checked(document);
  return checked(removeItem(document, statementsOf(document), statementAt(document, name).index));
}

/**
 * A policy document in which the lists of one statement are changed, and nothing else. What is added comes last, in the given order.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for a statement or signer that is not there, for an added item that is already there, and a removed one that is not
 */
export function changeStatement(document: string, name: string, change: StatementChange): string {
  checked(document);
  const { addScopes, removeScopes, addIdentities, removeIdentities, addTrustStores, removeTrustStores } = change;
  const steps: readonly ListChange[] = [
    { member: 'registryScopes', add: addScopes, remove: removeScopes, of: undefined, same: sameScope },
    { member: 'trustedIdentities', add: addIdentities, remove: removeIdentities, of: change.signer, same: Object.is },
    { member: 'trustStores', add: addTrustStores, remove: removeTrustStores, of: change.signer, same: Object.is },
  ];
  return checked(steps.reduce((text, step) => changeList(text, name, step), document));
}

interface ListChange {
  readonly member: string;
  readonly add: readonly string[] | undefined;
  readonly remove: readonly string[] | undefined;
  /** The signer whose list it is. */
  readonly of: string | undefined;
  same(a: string, b: string): boolean;
}

function changeList(text: string, name: string, { member, add = [], remove = [], of, same }: ListChange): string {
  if (add.length + remove.length === 0) return text;
  const statement = statementAt(text, name).span;
  const owner = of === undefined ? statement : signerAt(text, statement, name, of);
  const list = memberValue(text, owner, member);
  const before = list === undefined ? [] : textsAt(text, list);
  for (const one of remove)
    if (!before.some((other) => same(one, other)))
      refuse(name, member, `${quote(one)} is not in it; it has ${quotedList(before) || 'no entry'}`);
  const after = before.filter((other) => !remove.some((one) => same(one, other)));
  for (const one of add) {
    if (after.some((other) => same(one, other))) refuse(name, member, `${quote(one)} is in it already`);
    after.push(one);
  }
  return list === undefined ? addMember(text, owner, member, after) : replaceList(text, list, after);
}

/** The document must keep every rule, before and after the change. */
function checked(document: string): string {
  if (typeof document !== 'string') refuse('', 'document', `expected the text of a policy, found ${quote(document)}`);
  parseAnyTrustPolicy(document);
  return document;
}

function statementsOf(text: string): Span {
  return memberValue(text, rootSpan(text), 'trustPolicies') as Span;
}

function statementAt(text: string, name: string): { readonly index: number; readonly span: Span } {
  const spans = itemSpans(text, statementsOf(text));
  const names = spans.map((span) => textOf(text, span, 'name'));
  const index = names.indexOf(name);
  const span = spans[index];
  return span === undefined
    ? refuse(name, 'name', `unknown statement; known are ${quotedList(names)}`)
    : { index, span };
}

function signerAt(text: string, statement: Span, name: string, signer: string): Span {
  const signers = memberValue(text, statement, 'signers');
  const list = signers === undefined ? undefined : memberValue(text, signers, 'of');
  const spans = list === undefined ? [] : itemSpans(text, list);
  const found = spans.find((span) => textOf(text, span, 'name') === signer);
  return found ?? refuse(name, 'signers', `there is no signer ${quote(signer)}`);
}

/** A list that is null counts as absent, as everywhere in a policy. */
function textsAt(text: string, { start, end }: Span): string[] {
  return (JSON.parse(text.slice(start, end)) as string[] | null) ?? [];
}

function memberValue(text: string, object: Span, name: string): Span | undefined {
  return memberSpans(text, object).find((member) => member.name === name)?.value;
}

function textOf(text: string, object: Span, name: string): string {
  const span = memberValue(text, object, name);
  return span === undefined ? '' : (JSON.parse(text.slice(span.start, span.end)) as string);
}

/** Two spellings of one repository or registry are one scope. */
function sameScope(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(scope: string): string {
  if (isRegistryScope(scope)) return canonicalRepository(scope);
  return isRegistry(scope) ? canonicalHost(scope) : scope;
}

const quotedList = (texts: readonly string[]): string => texts.map(quote).join(', ');

function refuse(statement: string, member: string, message: string): never {
  throw new TrustError('ERR_TRUST_POLICY', `trust policy, statement ${quote(statement)}, ${member}: ${message}`, {
    detail: { rule: 'statements', statement, member },
  });
}
