const tests = 'test/integration/notarykit/buildkit-images.test.ts';

export const guards = [
  {
    id: 'sign with "both"',
    what: 'attestations are not signed as platforms',
    test: tests,
    file: 'packages/notarykit/src/runnable.ts',
    find: 'const { index, runnable } = await view.platforms(artifact, call);',
    replace:
      'const { index, runnable: own, attestations } = await view.platforms(artifact, call);\n  const runnable = [...own, ...attestations];',
  },
];
