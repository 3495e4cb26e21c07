import { parseReference } from '@notarykit/oci/internal';
import type { GateException } from '../policy/document.js';
import type { DecisionContext } from './context.js';
import type { PackageIdentity } from './identity.js';
import { type CompiledRule, compileRule, surelyMatches } from './match.js';

/** Exceptions of a policy made ready. */
export class ExceptionTable {
  readonly #context: DecisionContext;
  readonly #entries: readonly { readonly exception: GateException; readonly rules: readonly CompiledRule[] }[];

  constructor(context: DecisionContext) {
    this.#context = context;
    this.#entries = context.policy.exceptions.map((exception) => ({
      exception,
      rules: exception.packages.map(compileRule),
    }));
  }

  /**
   * The exception in force for something that would deny. An exception that is limited to packages needs the package;
   * one that has expired is reported and does nothing.
   */
  find(
    rule: GateException['rule'],
    ids: readonly string[],
    identity: PackageIdentity | undefined,
    about: { readonly platform?: string; readonly finding?: string; readonly package?: string },
  ): GateException | undefined {
    const names = new Set(ids.map((id) => id.toLowerCase()));
    for (const [i, { exception, rules }] of this.#entries.entries()) {
      if (exception.rule !== rule || !names.has(exception.id.toLowerCase())) continue;
      if (!this.#isForImage(exception)) continue;
      if (rules.length > 0 && !rules.some((one) => isSurely(one, identity))) continue;
      if (exception.expires.getTime() >= this.#context.now.getTime()) {
        this.#context.exceptionsUsed.add(i);
        return exception;
      }
      this.#context.exceptionsUsed.add(i);
      const message = `the exception for ${exception.id} expired on ${exception.expires.toISOString()}`;
      this.#context.add(`exceptions[${i}]`, 'warn', 'EXCEPTION_EXPIRED', message, about);
    }
    return undefined;
  }

  #isForImage({ images }: GateException): boolean {
    if (images.length === 0) return true;
    const { reference, digest } = this.#context.evidence.image;
    return images.some((image) => image === digest || image === reference || image === repositoryOf(reference));
  }

  /** Says which exceptions did nothing. */
  reportUnused(): void {
    for (const [i, { exception }] of this.#entries.entries())
      if (!this.#context.exceptionsUsed.has(i))
        this.#context.add(
          `exceptions[${i}]`,
          'info',
          'EXCEPTION_UNUSED',
          `the exception for ${exception.id} met nothing`,
        );
  }
}

/** What lets something through must be clear: a package of which nothing is known matches no rule. */
export function isSurely(rule: CompiledRule, identity: PackageIdentity | undefined): boolean {
  return identity !== undefined && surelyMatches(rule, identity);
}

function repositoryOf(reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined;
  try {
    const { registry, repository } = parseReference(reference);
    return `${registry}/${repository}`;
  } catch {
    return undefined;
  }
}
