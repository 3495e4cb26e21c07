/** The validations of a signature (trust-store-trust-policy.md, "Signature Verification details"), in the order they are done. */
export const validationTypes = ['integrity', 'authenticity', 'expiry', 'authenticTimestamp', 'revocation'] as const;

/** A validation of the specification. */
export type ValidationType = (typeof validationTypes)[number];

/** What a failure of a validation does: refuse the signature, be recorded, or the validation is not done at all. */
export type ValidationAction = 'enforce' | 'log' | 'skip';

/** The levels of the specification. */
export type VerificationLevelName = 'strict' | 'permissive' | 'audit' | 'skip';

/** An action for each validation. */
export type ValidationActions = Readonly<Record<ValidationType, ValidationAction>>;

/** A level with its overrides applied. */
export interface VerificationLevel {
  /** `custom` when the statement overrides anything. */
  readonly name: VerificationLevelName | 'custom';
  /** The level that the statement names. */
  readonly base: VerificationLevelName;
  readonly actions: ValidationActions;
}

const actions = (
  integrity: ValidationAction,
  authenticity: ValidationAction,
  authenticTimestamp: ValidationAction,
  expiry: ValidationAction,
  revocation: ValidationAction,
): ValidationActions => ({ integrity, authenticity, authenticTimestamp, expiry, revocation });

/** The table of the specification (trust-store-trust-policy.md, "Signature Verification"). */
export const verificationLevels: Readonly<Record<VerificationLevelName, VerificationLevel>> = {
  strict: level('strict', actions('enforce', 'enforce', 'enforce', 'enforce', 'enforce')),
  permissive: level('permissive', actions('enforce', 'enforce', 'log', 'log', 'log')),
  audit: level('audit', actions('enforce', 'log', 'log', 'log', 'log')),
  skip: level('skip', actions('skip', 'skip', 'skip', 'skip', 'skip')),
};

function level(name: VerificationLevelName, table: ValidationActions): VerificationLevel {
  return { name, base: name, actions: table };
}

/** The actions that an override may set: integrity never, and only revocation may be skipped. */
export const overridable: Readonly<Record<string, readonly ValidationAction[]>> = {
  authenticity: ['enforce', 'log'],
  authenticTimestamp: ['enforce', 'log'],
  expiry: ['enforce', 'log'],
  revocation: ['enforce', 'log', 'skip'],
};

/** A level with some actions replaced. */
export function customLevel(base: VerificationLevelName, override: Partial<ValidationActions>): VerificationLevel {
  const plain = verificationLevels[base];
  if (Object.keys(override).length === 0) return plain;
  return { name: 'custom', base, actions: { ...plain.actions, ...override } };
}
