import type { Verify } from '../../kit.mjs';

export const verify: Verify;
