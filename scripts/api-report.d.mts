export function reports(): Map<string, string>;
export function staleReports(): readonly string[];
