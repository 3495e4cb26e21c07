// What a program loads at once that gates now and then.
export { gate, verify } from 'notarykit';
