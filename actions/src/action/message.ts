import { helpOf } from 'notarykit';

const mostCauses = 5;

/** What happened, and why: the message of an error and those of its causes, which often say what to do. */
export function messageOf(error: unknown): string {
  const messages: string[] = [];
  for (let one = error; one instanceof Error && messages.length < mostCauses; one = one.cause)
    if (!messages.some((message) => message.includes((one as Error).message))) messages.push(one.message);
  return messages.length === 0 ? String(error) : messages.join(': ');
}

/** A text about an error, and on a line below it the address of the page about it, where there is one. */
export function withHelp(text: string, error: unknown): string {
  const help = helpOf(error);
  return help === undefined ? text : `${text.trimEnd()}\nmore: ${help}`;
}
