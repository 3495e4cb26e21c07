#!/usr/bin/env node
// CommonJS (see package.json beside it), which starts faster. `verify` alone has a program for itself; all else has the whole one.
require(process.argv[2] === 'verify' ? '../dist/notarykit-verify.cjs' : '../dist/notarykit.cjs');
