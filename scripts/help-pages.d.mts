export const helpPagesPath: string;
export function helpPages(): string;
