/** Adds up what came of the files: counts by kind, refusals by code, and what was skipped or crashed. */
export class Summary {
  kinds = new Map();
  refusals = new Map();
  crashes = [];
  files = 0;
  skipped = 0;

  add({ path, kind, counts = {}, notes = [], refused, skipped, crashed }) {
    this.files++;
    if (skipped === true) this.skipped++;
    else if (crashed !== undefined) this.crashes.push({ path, reason: crashed });
    else if (refused !== undefined) append(this.refusals, refused.code, { path, reason: refused.message });
    else this.#count(kind, counts, notes);
  }

  #count(kind, counts, notes) {
    const sum = this.kinds.get(kind) ?? { files: 0, notes: 0 };
    this.kinds.set(kind, sum);
    sum.files++;
    sum.notes += notes.length;
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }

  /** As text; of the files of one reason at most `most`. */
  *lines(most) {
    for (const line of this.#lines(most)) yield oneLine(line);
  }

  *#lines(most) {
    const read = [...this.kinds.values()].reduce((all, { files }) => all + files, 0);
    const refused = [...this.refusals.values()].reduce((all, list) => all + list.length, 0);
    yield `${this.files} files: ${read} read, ${refused} refused, ${this.skipped} skipped, ${this.crashes.length} crashed`;
    for (const [kind, { files, notes, ...counts }] of [...this.kinds].sort())
      yield `read      ${kind}: ${files} files${countText({ ...counts, notes })}`;
    for (const [code, list] of [...this.refusals].sort()) yield* reasons(`refused   ${code}`, list, most);
    if (this.crashes.length > 0) yield* reasons('crashed', this.crashes, Number.POSITIVE_INFINITY);
  }
}

function append(map, key, value) {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function countText(counts) {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `, ${count} ${name}`)
    .join('');
}

function* reasons(title, list, most) {
  yield `${title}: ${list.length} files`;
  for (const { path, reason } of list.slice(0, most)) yield `          ${path}: ${reason}`;
  if (list.length > most) yield `          … and ${list.length - most} more (--all lists them)`;
}

/** Names of files, versions and reasons come from anywhere: none of them may forge a line. */
function oneLine(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 800);
}
