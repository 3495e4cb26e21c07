import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const parent of ['packages', 'examples']) {
  for (const name of existsSync(parent) ? readdirSync(parent) : [])
    rmSync(join(parent, name, 'dist'), { recursive: true, force: true });
}
rmSync('bench/dist', { recursive: true, force: true });
