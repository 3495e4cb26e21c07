/** One fenced block of a guide. */
export interface Block {
  readonly language: string;
  /** The file that it is saved as; programs and data have one, lines for a shell and what they print do not. */
  readonly file: string | undefined;
  /** With which code its last line ends. Default 0. */
  readonly exit: number;
  /** It goes on until the guide ends, such as a server in another terminal. */
  readonly background: boolean;
  readonly code: string;
  /** Line of its fence, for messages. */
  readonly line: number;
}

/** The blocks of a page, in order. Words after the language: a file name, `exit=1`, `background`. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\S+)(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', words = '', code = ''] = match;
    const flags = words.split(' ').filter((word) => word !== '');
    const exit = flags.find((word) => word.startsWith('exit='))?.slice(5) ?? '0';
    return {
      language,
      file: flags.find((word) => word !== 'background' && !word.startsWith('exit=')),
      exit: Number(exit),
      background: flags.includes('background'),
      code,
      line: page.slice(0, match.index).split('\n').length,
    };
  });
}

/** Whether a block is a program. */
export const isProgram = ({ language }: Block): boolean => language === 'js' || language === 'ts';
/** Whether a block is what the lines before it print. */
export const isOutput = ({ language, file }: Block): boolean => language === 'text' && file === undefined;
