import { testOrderOfReasons } from './order-of-reasons.js';

testOrderOfReasons('node:crypto');
