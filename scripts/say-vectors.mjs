// Says in one line whether a run had the third-party vectors: node scripts/say-vectors.mjs
import { findVectors } from './vectors.mjs';

const { folder, required } = findVectors();
const without = required ? 'missing, though they were meant to be there' : 'not there, their sets were skipped';
console.log(`third-party vectors: ${folder ?? without} (see README.md)`);
