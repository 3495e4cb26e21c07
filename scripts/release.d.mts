/** What of a manifest says where the project is. */
export interface Published {
  readonly name: string;
  readonly homepage: string;
  readonly repository: object;
  readonly bugs: string;
}

export function checkPublishable(keyOptions: readonly string[], manifests?: readonly Published[]): void;
