import type { EvidenceDocument } from '../../evidence/evidence.js';
import { addTo } from '../../multi-map.js';
import type { VexStatement } from '../../vex/document.js';
import type { PackageIdentity } from '../identity.js';
import { keysOf, packageKeys } from './statement-index.js';

/** A statement of a document, and whether that is about another image or platform. */
export interface ReadStatement {
  readonly document: EvidenceDocument;
  readonly statement: VexStatement;
  readonly elsewhere: boolean;
}

/** Statements that are reported for one finding. */
const mostTold = 3;

/** What a statement is about: as text, and the packages without their versions. */
interface About {
  readonly text: string;
  readonly packages: ReadonlySet<string>;
}

/** Says of statements about a vulnerability why none of them is about a finding of it. */
export class UnmetStatements {
  readonly #byId = new Map<string, ReadStatement[]>();
  /** Read once: one statement may name many products, and be reported for many findings. */
  readonly #about = new Map<VexStatement, About>();

  constructor(statements: readonly ReadStatement[]) {
    for (const read of statements)
      for (const id of new Set([read.statement.id, ...read.statement.aliases].map((name) => name.toLowerCase()))) {
        // More than are reported are not kept: a document may be about one vulnerability a thousand times.
        if ((this.#byId.get(id)?.length ?? 0) < mostTold) addTo(this.#byId, id, read);
      }
  }

  find(ids: readonly string[], identity: PackageIdentity | undefined): readonly string[] {
    const found = new Set(ids.flatMap((id) => this.#byId.get(id.toLowerCase()) ?? []));
    return [...found].slice(0, mostTold).map(({ document, statement, elsewhere }) => {
      const why = elsewhere ? 'its document is about another image or platform' : this.#whyNot(statement, identity);
      return `VEX ${document.manifest} says ${statement.status} of ${brief(statement.id)} and does not apply: ${why}`;
    });
  }

  #whyNot(statement: VexStatement, identity: PackageIdentity | undefined): string {
    if (statement.products.length === 0) return 'it names no product, and its document states no digest';
    const known = this.#about.get(statement) ?? aboutOf(statement);
    this.#about.set(statement, known);
    const own = (identity?.identities ?? []).flatMap((one) => packageKeys({ ...one, versions: [] }));
    return `it is about ${own.some((key) => known.packages.has(key)) ? 'another version, ' : ''}${known.text}`;
  }
}

function aboutOf({ products }: VexStatement): About {
  const ids = products.flatMap((product) => product.ids);
  const parts = products.flatMap(({ subcomponents }) => subcomponents.flat());
  const keys = [...keysOf([...ids, ...parts]).packages.keys()].map((key) => key.split('@')[0] as string);
  const text = `${firstThree(ids)}${parts.length === 0 ? '' : ` and of its parts ${firstThree(parts)}`}`;
  return { text, packages: new Set(keys) };
}

function firstThree(ids: readonly string[]): string {
  const more = ids.length > 3 ? `, and ${ids.length - 3} more` : '';
  return `${ids.slice(0, 3).map(brief).join(', ') || 'nothing'}${more}`;
}

function brief(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
