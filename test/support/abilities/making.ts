import { utf8 } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import type { Signer } from '@notarykit/signature-envelope';
import {
  attach,
  attestSummary,
  type GateOptions,
  publish,
  revokeSummaries,
  type SignOptions,
  sign,
  signFile,
  type Trust,
} from 'notarykit';
import { plainTrust } from './policies.js';
import { gateDocument } from './rows/verbs.js';
import type { Setup } from './setup.js';
import type { Call, Cell } from './table.js';

/** What a verb that writes is asked about an image. */
export interface Ordered {
  readonly setup: Setup;
  readonly repository: Repository;
  readonly image: Descriptor;
  readonly signing?: Omit<SignOptions, 'signer'> & { readonly signer?: Signer };
  readonly trust?: Trust;
  /** When a summary says that it was made. */
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/** Calls a verb that writes, and gives what it made or signed. */
export type Making = (ordered: Ordered) => Promise<Descriptor>;

const output = { attestation: 'vsa', verifierId: 'https://abilities.test/gate' };

/** A policy that says who makes summaries. */
export const summaryGate = () => parseGatePolicy(JSON.stringify({ ...gateDocument, output }));

/** The tag that verbs set when all is there. */
export const lastTag = ({ image }: Pick<Ordered, 'image'>): string => `done-${image.digest.slice(7, 19)}`;

const callOf = ({ signal }: Ordered): { readonly signal?: AbortSignal } => (signal === undefined ? {} : { signal });
const signingOf = ({ setup, signing }: Ordered) => ({ signer: setup.vendor, ...signing }) as const;
const artifactType = 'application/vnd.abilities.note';
const notes = (text: string) => [{ name: 'note.txt', mediaType: 'text/plain', content: utf8(text) }];

export const attachNote: Making = async (ordered) => {
  const { repository, image, setup, now: created } = ordered;
  const layers = [{ mediaType: 'text/plain', content: utf8(setup.unique()) }];
  const options = { artifactType, layers, ...(created && { created }), ...callOf(ordered) };
  return (await attach(repository, image, options)).descriptor;
};

/** Every verb of the library that signs what it writes to a repository. */
export const making = {
  sign: async (ordered) =>
    (await sign(ordered.repository, ordered.image, { ...signingOf(ordered), ...callOf(ordered) })).artifact,
  signFile: async (ordered) => {
    const { repository, image: subject, setup } = ordered;
    const files = { files: notes(setup.unique()), artifactType, subject, tags: [lastTag(ordered)] };
    return (await signFile(repository, { ...files, ...signingOf(ordered), ...callOf(ordered) })).artifact;
  },
  publish: async (ordered) => {
    const { repository, image } = ordered;
    const options = { push: async () => image, sign: signingOf(ordered), tag: lastTag(ordered) };
    return (await publish(repository, { ...options, ...callOf(ordered) })).artifact;
  },
  attestSummary: async (ordered) => {
    const { repository, image, setup, trust = plainTrust(setup), now } = ordered;
    const options: GateOptions = { policy: summaryGate(), trust, ...(now && { now: () => now }), ...callOf(ordered) };
    return (await attestSummary(repository, image, { ...options, sign: signingOf(ordered) })).summary;
  },
  revokeSummaries: async (ordered) => {
    const { repository, image, now } = ordered;
    const options = { policy: summaryGate(), sign: signingOf(ordered), ...(now && { now }), ...callOf(ordered) };
    return (await revokeSummaries(repository, image, options)).summary;
  },
} as const satisfies Readonly<Record<string, Making>>;

/** One cell for each verb that signs. */
export function ofEachMaker(cell: (run: Making) => Call): Readonly<Record<keyof typeof making, Cell>> {
  const cells = Object.entries(making).map(([verb, run]) => [verb, cell(run)]);
  return Object.fromEntries(cells) as Record<keyof typeof making, Cell>;
}
