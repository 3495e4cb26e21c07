// An error that nobody waits for must fail the run, whichever test it came from (threats X1).
process.on('unhandledRejection', (reason) => {
  throw reason;
});
