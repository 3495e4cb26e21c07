/** What is expected of a case. */
export interface Expected {
  readonly verdict: 'trusted' | 'refused' | 'skipped';
  readonly decidingValidation?: string | readonly string[];
  readonly logged?: readonly string[];
}

/** A case: its case.json, and where it lies. */
export interface Case {
  readonly id: string;
  readonly directory: string;
  readonly why: string;
  readonly requirement: 'MUST' | 'SHOULD';
  readonly specification: { readonly document: string; readonly section: string; readonly url: string };
  readonly requires: readonly string[];
  readonly tags?: readonly string[];
  readonly expected: Expected;
}

/** What a verifier says of a case. */
export interface Answer extends Partial<Expected> {
  readonly message?: string;
  readonly unsupported?: string;
}

/** What a verifier is asked. */
export interface KitRequest {
  readonly id: string;
  readonly artifact: { readonly kind: string; readonly path?: string; readonly signature?: string };
  readonly config: string;
  readonly signing?: object;
  /** The time of the verification; default the clock's. */
  readonly time?: string;
}

/** Answers every request of a case. */
export type Network = (
  method: string,
  url: string,
) => { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

export type Verify = (request: KitRequest, context: { readonly network: Network }) => Promise<Answer>;

/** How one case went. */
export interface Result {
  readonly id: string;
  readonly result: 'passed' | 'failed' | 'xfailed' | 'xpassed' | 'skipped';
  readonly difference?: string;
  readonly reason?: string;
}

export interface ExpectedFailure {
  readonly cases: readonly string[];
  readonly reason: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly xfailed: number;
  readonly xpassed: number;
  readonly skipped: number;
  readonly total: number;
}

export interface Report {
  readonly implementation: string;
  readonly counts: Counts;
  readonly results: readonly Result[];
}

export class CaseError extends Error {}
export const casesFolder: string;
export function loadCases(folder?: string, patterns?: readonly string[]): Case[];
export function loadCase(directory: string, id: string): Case;
export function problemsOf(document: object, directory: string, id: string): string[];
export function runInProcess(cases: readonly Case[], verify: Verify): Promise<Result[]>;
export function runCommand(
  cases: readonly Case[],
  command: readonly string[],
  options?: {
    readonly without?: readonly string[];
    readonly workers?: number;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Result[]>;
export function readExpectedFailures(file?: string): ExpectedFailure[];
export function applyExpectedFailures(results: readonly Result[], list: readonly ExpectedFailure[]): Result[];
export function unusedPatterns(ids: readonly string[], list: readonly ExpectedFailure[]): string[];
export function countsOf(results: readonly Result[]): Counts;
export function reportOf(
  implementation: string,
  kitVersion: string,
  cases: readonly Case[],
  results: readonly Result[],
): Report;
export function tableOf(
  reports: readonly { readonly implementation: string; readonly results: readonly Result[] }[],
): string[];
export function pageOf(reports: readonly Report[]): string;
export function differences(kit?: string): string[];
export function archive(): { readonly name: string; readonly bytes: Buffer };

/** What is to be signed. */
export interface Signing {
  readonly id: string;
  readonly format: 'jws' | 'cose';
  readonly spec: string;
  readonly kind: 'oci' | 'blob';
  readonly expirySeconds?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const signings: readonly Signing[];
export function signingRequest(one: Signing, folder: string): KitRequest;
export function problemsOfSigned(one: Signing, request: KitRequest, now?: number): string[];
export function runSigning(
  command: readonly string[],
  options?: { readonly env?: Readonly<Record<string, string>>; readonly patterns?: readonly string[] },
): Promise<Result[]>;
