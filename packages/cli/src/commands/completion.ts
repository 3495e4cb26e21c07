import { type Command, UsageError } from '../shell/command.js';
import { bashCompletion } from '../shell/completion/bash.js';
import { fishCompletion } from '../shell/completion/fish.js';
import { type Definitions, placesOf } from '../shell/completion/words.js';
import { zshCompletion } from '../shell/completion/zsh.js';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** The command that completes all commands, itself among them. */
export function completionCommand(definitions: () => Definitions): Command {
  return {
    usage: 'completion <shell>',
    summary: 'Print the completions of this command for a shell: bash, zsh or fish',
    options: {},
    examples: [
      'completion bash > /etc/bash_completion.d/notarykit',
      'completion zsh > ~/.zfunc/_notarykit',
      'completion fish > ~/.config/fish/completions/notarykit.fish',
    ],
    async run(args, terminal) {
      const [shell = ''] = args.positionals;
      if (!Object.hasOwn(shells, shell))
        throw new UsageError(`expected one of ${Object.keys(shells).join(', ')}, found "${shell}"`);
      const script = shells[shell as keyof typeof shells](placesOf(definitions()));
      terminal.exactly({ shell, script }, script);
      return 0;
    },
  };
}
