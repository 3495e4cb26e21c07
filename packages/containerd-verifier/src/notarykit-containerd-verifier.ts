import { startVerifier } from './program.js';

startVerifier(process);
