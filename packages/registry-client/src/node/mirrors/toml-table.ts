import { defined, quote } from '@notarykit/common/internal';
import { RegistryError } from '../../errors.js';
import { isSameMember, meantMember } from '../member-names.js';

/** A table of a TOML document, whose members are read as Go programs read them: their names ignore case. */
export interface TomlTable {
  /** Its name in messages. */
  readonly where: string;
  /** In the order of the document. */
  readonly names: readonly string[];
  /** @throws {RegistryError} where the name is there in several spellings */
  value(name: string): unknown;
  /** Empty where it is not there. */
  text(name: string): string;
  /** `undefined` where it is not there. */
  flag(name: string): boolean | undefined;
  /** A table in this one, `shown` in messages; an empty one where it is not there. */
  table(name: string, shown?: string): TomlTable;
  /** An array of tables. */
  tables(name: string): readonly TomlTable[];
  /** Unknown names are ignored, as these programs do; a misspelt known name is an error, since it would have no effect. */
  check(known: readonly string[]): void;
}

const code = 'ERR_REGISTRY_CONFIGURATION';

/** An error of a configuration file. */
export function misconfigured(where: string, why: string, cause?: unknown): RegistryError {
  return new RegistryError(code, `cannot use ${where}: ${why}`, defined({ cause }));
}

/** Reads a TOML 1.0 document. @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION` */
export async function parseToml(text: string, where: string): Promise<TomlTable> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return tableOf(parse(text, { maxDepth: 32, integersAsBigInt: 'asNeeded' }), where);
  } catch (cause) {
    // The excerpt in the library's own message may be a header with a secret.
    const at = cause instanceof TomlError ? ` (line ${cause.line}, column ${cause.column})` : '';
    throw misconfigured(where, `it is not TOML${at}`);
  }
}

function tableOf(members: object, where: string): TomlTable {
  const named = new Map(Object.entries(members));
  const value = (name: string, shown = name): unknown => {
    const found = [...named.keys()].filter((each) => isSameMember(each, name));
    if (found.length > 1) throw misconfigured(where, `found ${quote(shown)} in several spellings`);
    return found[0] === undefined ? undefined : named.get(found[0]);
  };
  const expected = (name: string, kind: string) => misconfigured(where, `expected ${quote(name)} to be ${kind}`);
  const table: TomlTable = {
    where,
    names: [...named.keys()],
    value,
    text(name) {
      const found = value(name) ?? '';
      if (typeof found !== 'string') throw expected(name, 'a string');
      return found;
    },
    flag(name) {
      const found = value(name);
      if (found !== undefined && typeof found !== 'boolean') throw expected(name, 'true or false');
      return found;
    },
    table(name, shown = name) {
      const found = value(name, shown) ?? {};
      if (!isTable(found)) throw expected(shown, 'a table');
      return tableOf(found, `${where}: ${shown}`);
    },
    tables(name) {
      const found = value(name) ?? [];
      if (!Array.isArray(found) || !found.every(isTable)) throw expected(name, `an array of tables ([[${name}]])`);
      return found.map((each, i) => tableOf(each, `${where}: ${name} ${i + 1}`));
    },
    check(known) {
      for (const name of table.names) {
        const meant = meantMember(name, known);
        if (meant !== undefined) throw misconfigured(where, `unknown ${quote(name)}; did you mean ${quote(meant)}?`);
      }
    },
  };
  return table;
}

/** Dates of the library are objects too. */
function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
