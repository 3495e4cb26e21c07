// What a page that only verifies loads.
export { verify, verifyBundle } from 'notarykit';
