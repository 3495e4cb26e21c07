import { readdirSync, readFileSync } from 'node:fs';

/** Processes that descend from one, as Linux shows them; none elsewhere. */
export function descendantsOf(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  const children = childrenByParent();
  const found: number[] = [];
  for (let next = [pid]; next.length > 0; ) {
    next = next.flatMap((parent) => children.get(parent) ?? []).filter((child) => !found.includes(child));
    found.push(...next);
  }
  return found;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of processNames()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function processNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[1-9][0-9]*$/.test(name));
  } catch {
    return [];
  }
}

/** The fourth field of `stat` (proc(5)); the second may hold anything, also brackets. */
function parentOf(name: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
