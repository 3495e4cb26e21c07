/** How a result is printed. `html` is one page that needs nothing else, of commands that have one. `tree` is the text of commands whose text is a tree, as oras calls it. */
export type Format = 'text' | 'json' | 'html' | 'tree';
