import { afterAll, beforeAll } from 'vitest';
import { setUpDesk } from '../../../examples/cli-session/src/session/desk.js';
import { type Bundle, bundle } from '../../support/bundle.js';

type Desk = Awaited<ReturnType<typeof setUpDesk>>;

/** The command as one file of JavaScript, made before the tests of a file and removed after them. */
export function cliTool(): Pick<Bundle, 'path'> {
  let tool: Bundle;
  beforeAll(async () => {
    tool = await bundle('packages/cli/src/notarykit.ts');
  });
  afterAll(() => tool.remove());
  return {
    get path() {
      return tool.path;
    },
  };
}

/** What the user of the session has, set up before the tests of a file and removed after them. */
export function cliDesk(): Omit<Desk, 'close'> {
  let desk: Desk;
  beforeAll(async () => {
    desk = await setUpDesk();
  });
  afterAll(() => desk.close());
  return {
    get folder() {
      return desk.folder;
    },
    get host() {
      return desk.host;
    },
    get registry() {
      return desk.registry;
    },
    get repository() {
      return desk.repository;
    },
    get env() {
      return desk.env;
    },
  };
}
