/** What happens when an image is refused. */
export type ReviewMode = 'enforce' | 'warn' | 'audit';
