export const files: { readonly schema: URL; readonly reference: URL };
export function policyReference(schema: object): string;
