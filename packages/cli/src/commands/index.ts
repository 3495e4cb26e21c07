import type { Command } from '../shell/command.js';
import { attachCommand } from './attach.js';
import { auditCommand } from './audit.js';
import { baseImagesCommand } from './base-images.js';
import { blobInspectCommand } from './blob-inspect.js';
import { blobPolicyImportCommand } from './blob-policy-import.js';
import { blobPolicyInitCommand } from './blob-policy-init.js';
import { blobPolicyShowCommand } from './blob-policy-show.js';
import { blobSignCommand } from './blob-sign.js';
import { blobVerifyCommand } from './blob-verify.js';
import { bundleCreateCommand } from './bundle-create.js';
import { bundleVerifyCommand } from './bundle-verify.js';
import { certAddCommand } from './cert-add.js';
import { certDeleteCommand } from './cert-delete.js';
import { certGenerateTestCommand } from './cert-generate-test.js';
import { certListCommand } from './cert-list.js';
import { certShowCommand } from './cert-show.js';
import { completionCommand } from './completion.js';
import { copyCommand } from './copy.js';
import { discoverCommand } from './discover.js';
import { doctorCommand } from './doctor.js';
import { gateCommand } from './gate.js';
import { inspectCommand } from './inspect.js';
import { keyAddCommand } from './key-add.js';
import { keyDeleteCommand } from './key-delete.js';
import { keyListCommand } from './key-list.js';
import { keyUpdateCommand } from './key-update.js';
import { listCommand } from './list.js';
import { loginCommand } from './login.js';
import { logoutCommand } from './logout.js';
import { manifestDeleteCommand } from './manifest-delete.js';
import { manifestFetchCommand } from './manifest-fetch.js';
import { manifestPushCommand } from './manifest-push.js';
import { pluginInstallCommand } from './plugin-install.js';
import { pluginListCommand } from './plugin-list.js';
import { pluginUninstallCommand } from './plugin-uninstall.js';
import { policyAddCommand } from './policy-add.js';
import { policyChangeCommand } from './policy-change.js';
import { policyDiffCommand } from './policy-diff.js';
import { policyImportCommand } from './policy-import.js';
import { policyInitCommand } from './policy-init.js';
import { policyLintCommand } from './policy-lint.js';
import { policyRemoveCommand } from './policy-remove.js';
import { policyShowCommand } from './policy-show.js';
import { policySimulateCommand } from './policy-simulate.js';
import { promoteCommand } from './promote.js';
import { publishCommand } from './publish.js';
import { pullCommand } from './pull.js';
import { pushCommand } from './push.js';
import { repoLsCommand } from './repo-ls.js';
import { repoTagsCommand } from './repo-tags.js';
import { resolveCommand } from './resolve.js';
import { serveCommand } from './serve.js';
import { signCommand } from './sign.js';
import { summaryAttestCommand } from './summary-attest.js';
import { summaryRevokeCommand } from './summary-revoke.js';
import { tagCommand } from './tag.js';
import { verifyCommand } from './verify.js';
import { versionCommand } from './version.js';

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [
  loginCommand,
  logoutCommand,
  signCommand,
  verifyCommand,
  listCommand,
  inspectCommand,
  auditCommand,
  policyInitCommand,
  policyShowCommand,
  policyImportCommand,
  policyAddCommand,
  policyChangeCommand,
  policyRemoveCommand,
  policyLintCommand,
  policyDiffCommand,
  policySimulateCommand,
  blobSignCommand,
  blobVerifyCommand,
  blobInspectCommand,
  blobPolicyInitCommand,
  blobPolicyShowCommand,
  blobPolicyImportCommand,
  certAddCommand,
  certListCommand,
  certShowCommand,
  certDeleteCommand,
  certGenerateTestCommand,
  keyAddCommand,
  keyListCommand,
  keyUpdateCommand,
  keyDeleteCommand,
  pluginInstallCommand,
  pluginListCommand,
  pluginUninstallCommand,
  pushCommand,
  pullCommand,
  attachCommand,
  discoverCommand,
  resolveCommand,
  copyCommand,
  manifestFetchCommand,
  manifestPushCommand,
  manifestDeleteCommand,
  repoLsCommand,
  repoTagsCommand,
  bundleCreateCommand,
  bundleVerifyCommand,
  tagCommand,
  publishCommand,
  baseImagesCommand,
  gateCommand,
  promoteCommand,
  summaryAttestCommand,
  summaryRevokeCommand,
  serveCommand,
  doctorCommand,
  completionCommand(() => ({ commands, groups, groupAliases })),
  versionCommand,
];

/** What the commands say that have others below them. */
export const groups: Readonly<Record<string, string>> = {
  policy: 'Write, check and compare trust policies',
  blob: 'Sign and verify files',
  cert: 'Manage the certificates of trust stores',
  key: 'Manage the keys that sign by their name',
  plugin: 'Install, list and delete plugins',
  summary: 'Make verification summaries, and take them back',
  manifest: 'Read, write and delete manifests',
  repo: 'List repositories and their tags',
  bundle: 'Make and verify bundles, which need no network',
};

/** Other names of those. */
export const groupAliases: Readonly<Record<string, readonly string[]>> = { cert: ['certificate'] };
