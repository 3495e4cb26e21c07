import type { Options } from 'tsup';

export function bundled(platform: 'node' | 'browser'): Options & Required<Pick<Options, 'esbuildOptions'>>;
