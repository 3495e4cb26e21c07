/** Where the project is, as every manifest says it. */
export interface Project {
  readonly homepage: string;
  readonly repository: { readonly type: string; readonly url: string; readonly directory: string };
  readonly bugs: string;
}
export const placeholderHost: string;
export function packageManifests(): readonly string[];
export function projectOf(path: string): Project;
