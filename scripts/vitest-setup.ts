// An unhandled rejection must fail the run, whichever test it came from (threats X1).
process.on('unhandledRejection', (reason) => {
  throw reason;
});
