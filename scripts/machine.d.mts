export function machine(): string;
