import type { NamedFile } from '../verify/index.js';

/** An element of the page that is always there. */
export const element = <E extends HTMLElement>(selector: string): E => document.querySelector(selector) as E;

/** The field of a name. */
export const field = (name: string): HTMLInputElement => element(`[name=${name}]`);

/** The file in a field, if there is one. */
export async function fileIn(name: string): Promise<NamedFile | undefined> {
  const file = field(name).files?.[0];
  return file === undefined ? undefined : { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** The file in a field. @throws an `Error` that names the field for people */
export async function neededFile(name: string, what: string): Promise<NamedFile> {
  const file = await fileIn(name);
  if (file === undefined) throw new Error(`choose ${what}`);
  return file;
}

/** Puts a file into a field, as if the user had chosen it. */
export function putFile(name: string, { name: fileName, bytes }: NamedFile): void {
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes as Uint8Array<ArrayBuffer>], fileName));
  field(name).files = transfer.files;
}
