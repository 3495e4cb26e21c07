export const files: { readonly cast: string; readonly picture: string; readonly page: string };
export function castOf(events: readonly (readonly [at: number, text: string])[]): string;
export function textOf(cast: string): string;
export function stepsOf(text: string): readonly string[];
export function pictureOf(cast: string): string;
export function pageOf(cast: string): string;
