import { contextTag, type DerReader } from '../../asn1/index.js';
import { PkiError } from '../../errors.js';
import type { Certificate, Extension } from '../certificate.js';
import { ExtensionOid, extensionSequence } from '../extensions.js';
import { type GeneralName, readGeneralName } from '../general-name.js';
import { checkConstraint, matchesExcluded, matchesPermitted } from './name-match.js';

/** Name constraints of an authority (RFC 5280, 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** The comparisons that one path may cost: thousands of constraints times thousands of names would take minutes. */
const mostComparisons = 250_000;

/**
 * Parses the extension: at least one subtree, none with bounds, each well formed.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function parseNameConstraints(extension: Extension): NameConstraints {
  const reader = extensionSequence(extension, 'name constraints');
  const permitted = reader.enterOptional(contextTag(0));
  const excluded = reader.enterOptional(contextTag(1));
  reader.finish('name constraints');
  if (permitted === undefined && excluded === undefined) reader.fail('at least one subtree', 'none');
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function readSubtrees(reader: DerReader | undefined): GeneralName[] {
  if (reader === undefined) return [];
  const subtrees: GeneralName[] = [];
  do {
    const subtree = reader.enter(0x30, 'a subtree');
    const base = readGeneralName(subtree);
    // Minimum 0 is the default, which DER leaves out; RFC 5280 has no maximum.
    subtree.finish('a subtree without bounds');
    checkConstraint(base);
    subtrees.push(base);
  } while (reader.more);
  return subtrees;
}

/** Evaluates name constraints along one path, from the anchor to the leaf. */
export class NameConstraintState {
  readonly #all: NameConstraints[] = [];
  #comparisons = 0;

  /** Takes the constraints of an authority up; they hold for all certificates below it. */
  add(certificate: Certificate): void {
    const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.nameConstraints);
    if (extension !== undefined) this.#all.push(parseNameConstraints(extension));
  }

  /**
   * Checks the names of a certificate below. @throws {PkiError} `ERR_PKI_LIMIT`, `ERR_PKI_ASN1`
   *
   * @returns the name that is not allowed, or `undefined`
   */
  findForbidden(names: readonly GeneralName[]): GeneralName | undefined {
    if (this.#all.length === 0) return undefined;
    return names.find((name) => this.#all.some((constraints) => this.#forbids(constraints, name)));
  }

  #forbids({ permitted, excluded }: NameConstraints, name: GeneralName): boolean {
    this.#spend(permitted.length + excluded.length);
    if (excluded.some((base) => isSameKind(base, name) && matchesExcluded(base, name))) return true;
    const relevant = permitted.filter((base) => isSameKind(base, name));
    return relevant.length > 0 && !relevant.some((base) => matchesPermitted(base, name));
  }

  #spend(comparisons: number): void {
    this.#comparisons += comparisons;
    if (this.#comparisons > mostComparisons) {
      throw new PkiError('ERR_PKI_LIMIT', `name constraints need more than ${mostComparisons} comparisons`);
    }
  }
}

function isSameKind(base: GeneralName, name: GeneralName): boolean {
  return base.kind === name.kind && (base.kind !== 'other' || name.kind !== 'other' || base.tag === name.tag);
}
