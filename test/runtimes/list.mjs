/**
 * The runtimes that the portable suite runs in, one row each; `docs/runtimes.md` is this list. `peer` names the pinned program
 * (`scripts/peers/table.mjs`). `stage` says how often: `interop` in each run of CI, `nightly` in `pnpm nightly:runtimes`.
 * `kind` says how it is started, and what it has: a `program` has files and sockets, a `worker` and a `page` have the web's interfaces alone.
 */
export const runtimes = [
  { name: 'Node 20.19', peer: 'node-20.19', kind: 'program', stage: 'nightly' },
  { name: 'Node 20', peer: 'node-20', kind: 'program', stage: 'nightly' },
  { name: 'Node 22.12', peer: 'node-22.12', kind: 'program', stage: 'nightly' },
  { name: 'Node 22', peer: 'node-22', kind: 'program', stage: 'nightly' },
  { name: 'Node 24', peer: 'node-24', kind: 'program', stage: 'nightly' },
  { name: 'Node 26', peer: 'node-26', kind: 'program', stage: 'interop' },
  // Bun has no `setSecureContext` in `node:https`: a server keeps its certificate until it is started anew, and says so.
  {
    name: 'Bun',
    peer: 'bun',
    kind: 'program',
    stage: 'interop',
    differs: { 'server with TLS': 'ERR_ADMISSION_CONFIG' },
  },
  { name: 'Deno', peer: 'deno', kind: 'program', stage: 'interop' },
  { name: 'Chromium', peer: 'chromium', kind: 'page', stage: 'interop' },
  { name: 'workerd', peer: 'workerd', kind: 'worker', stage: 'interop' },
];
