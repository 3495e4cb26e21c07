import type { KitRequest } from '../../kit.mjs';

export function sign(request: KitRequest): Promise<{ readonly signed: true }>;
