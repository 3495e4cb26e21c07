import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** Option of commands that judge what is in an OCI layout, too. */
export const scopeOptions: Readonly<Record<string, OptionSpec>> = {
  scope: {
    type: 'string',
    value: 'scope',
    help: 'registry scope of the policy; needed with an OCI layout',
  },
};

/**
 * The scope of {@link scopeOptions}. A layout has no registry name, so that a statement with the scope "*" would judge what a stricter
 * one is written for.
 */
export function readScope(args: Arguments, layout = 'oci-layout'): { readonly scope?: string } {
  const scope = args.text('scope');
  if (scope !== undefined) return { scope };
  if (!args.flag(layout)) return {};
  throw new UsageError(
    `--${layout} needs --scope: say which repository the artifact is from, such as registry.example.com/net-monitor; a trust policy names registries, not folders`,
  );
}
