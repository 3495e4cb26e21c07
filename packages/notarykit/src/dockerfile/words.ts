/** Splits text at white space outside quotes; quotes and escapes stay in the words. */
export function splitWords(text: string, escapeMark: '\\' | '`'): string[] {
  const words: string[] = [];
  let word = '';
  let quoteMark = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (quoteMark === '' && /\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    word += character;
    if (character === escapeMark && quoteMark !== "'") word += text.charAt(++i);
    else if (character === quoteMark) quoteMark = '';
    else if (quoteMark === '' && (character === '"' || character === "'")) quoteMark = character;
  }
  if (word !== '') words.push(word);
  return words;
}
