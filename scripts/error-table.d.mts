export const errorTable: readonly {
  readonly title: string;
  readonly thrownBy: string;
  readonly rows: readonly (readonly [code: string, means: string, remedy: string])[];
}[];
export function errorPage(): string;
