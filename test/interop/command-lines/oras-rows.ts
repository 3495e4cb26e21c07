import type { LineRow } from './line.js';

/** Where the command lines of oras have another effect with ours. */
export const orasRows: readonly LineRow[] = [
  {
    id: 'time of creation',
    theirs: '`push` and `attach` write the time into `org.opencontainers.image.created`',
    here: 'only if `--annotation` states one',
    why: 'equal files give an equal digest',
  },
  {
    id: 'packed folders',
    theirs: 'the archive of a folder has times, owners and modes as they are on disk',
    here: 'names and content alone, sorted',
    why: 'equal files give an equal digest',
  },
  {
    id: 'paths that lead out',
    theirs: '`push ../file` writes `../file` into the artifact, which `pull` then refuses',
    here: '`push` refuses it',
    why: 'what is pushed can be pulled',
  },
  {
    id: 'copies without referrers',
    theirs: '`cp` copies what refers to an artifact with `-r` alone',
    here: 'always',
    why: 'an artifact without its signatures is not trusted anywhere',
  },
  {
    id: 'platform of a subject',
    theirs: '`attach --platform` writes the platform into the `subject`',
    here: 'media type, digest and size alone',
    why: 'they say which manifest is meant; what else an index says of it is not in the manifest',
  },
  {
    id: 'options without effect',
    theirs: 'accepted, such as an account for a layout on disk',
    here: 'refused with exit code 2',
    why: 'decision 0149',
  },
  {
    id: 'deletions without confirmation',
    theirs: '`manifest delete` without `--force` and without a terminal deletes nothing and ends with 0',
    here: 'deletes nothing and ends with 2',
    why: 'a script must not read it as done',
  },
  {
    id: 'servers that are not verified',
    theirs: '`--insecure` accepts any certificate',
    here: 'no option accepts any certificate; `--ca-file` names the authorities',
    why: 'an attacker in the network could answer as the registry',
  },
  {
    id: 'Go templates',
    theirs: '`--format go-template`',
    here: 'not supported; `--format json` has the same members',
    why: 'templates are programs of another language',
  },
  {
    id: 'passwords in plain text',
    theirs: '`login` without a credential helper keeps the password in the file of docker',
    here: 'refused unless `--plain-text` is given',
    why: 'who reads the file has the password',
  },
  {
    id: 'passwords on standard input',
    theirs: 'the two sides of `cp` have none',
    here: '`--from-password-stdin`, `--to-password-stdin`',
    why: 'others on the machine can list command lines',
  },
];
