import { CodedError } from '@notarykit/common/internal';

/** Another registry uses the directory: two of them would lose each other's pushes. */
export class DirectoryInUse extends CodedError<'ERR_TESTING_DIRECTORY_IN_USE'> {
  constructor(directory: string, cause: Error) {
    const message = `${directory} is used by another registry: end it, or name another directory (${cause.message})`;
    super('ERR_TESTING_DIRECTORY_IN_USE', message, { cause });
  }
}
