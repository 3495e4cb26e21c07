import { openGraph } from '@notarykit/artifact-graph';
import { OciError, type Repository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { all, counted, image, type, withReferrers } from './content.js';

describe('referrers', () => {
  it('reads only what is requested, and forgets a list that was not read to its end', async () => {
    const { repository, subject, referrers } = await withReferrers(3);
    const asking = counted(repository);
    const view = openGraph(asking);
    for await (const referrer of view.referrers(subject, { artifactTypes: [type] })) {
      expect(referrer).toMatchObject({ kind: 'referrer', artifactType: type });
      break;
    }
    expect(asking.asked).toEqual([`list ${type}`, `fetch ${referrers[0]?.digest}`]);
    expect(await all(view.referrers(subject, { artifactTypes: [type] }))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('list'))).toHaveLength(2);
  });

  it('remembers a list that was read to its end, until it is to look again', async () => {
    const { repository, subject } = await withReferrers(2);
    const asking = counted(repository);
    const view = openGraph(asking);
    await all(view.referrers(subject));
    await image(repository, { subject, artifactType: type });
    expect(await all(view.referrers(subject))).toHaveLength(2);
    expect(await all(view.again().referrers(subject))).toHaveLength(3);
    expect(await all(view.listReferrersNow(subject))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('list'))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('fetch'))).toHaveLength(3);
  });

  it.each([0, 2])('reads %i ahead, and gives them in their order', async (ahead) => {
    const { repository, subject, referrers } = await withReferrers(5);
    const found = await all(openGraph(repository).referrers(subject, { ahead }));
    expect(found.map(({ descriptor }) => descriptor?.digest)).toEqual(referrers.map(({ digest }) => digest));
  });

  it('aborts the request when the reader stops', async () => {
    const { repository, subject, referrers } = await withReferrers(2);
    const aborted: string[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const silent: Repository = {
      ...repository,
      fetch: (descriptor, options) =>
        descriptor.digest === referrers[0]?.digest
          ? repository.fetch(descriptor, options)
          : new Promise((_, reject) => {
              begin();
              options?.signal?.addEventListener('abort', () => {
                aborted.push(descriptor.digest);
                reject(options.signal?.reason as Error);
              });
            }),
    };
    const list = openGraph(silent).referrers(subject)[Symbol.asyncIterator]();
    expect(await list.next()).toMatchObject({ value: { kind: 'referrer' } });
    const second = list.next();
    await begun;
    await list.return?.();
    expect(await second).toMatchObject({ done: true });
    expect(aborted).toEqual([referrers[1]?.digest]);
  });

  it("rejects with the caller's reason", async () => {
    const { repository, subject } = await withReferrers(1);
    const silent: Repository = { ...repository, fetch: () => new Promise(() => undefined) };
    const caller = new AbortController();
    const list = openGraph(silent).referrers(subject, { signal: caller.signal })[Symbol.asyncIterator]();
    const first = list.next();
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await expect(all(openGraph(repository).referrers(subject, { signal: caller.signal }))).rejects.toBe(reason);
  });

  it('refuses more entries than may be, read or not', async () => {
    const { repository, subject } = await withReferrers(3);
    const view = openGraph(repository, { maxReferrers: 2 });
    await expect(all(view.referrers(subject))).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    await expect(all(view.listReferrersNow(subject))).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    const refusing: Repository = {
      ...repository,
      async *referrers(...given) {
        for (let i = 0; i < 3; i++) given[1]?.onRefused?.({ cause: new OciError('ERR_OCI_INVALID', 'odd') });
        yield* repository.referrers(...given);
      },
    };
    const refused = all(openGraph(refusing, { maxReferrers: 2 }).referrers(subject));
    await expect(refused).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });

  it('fails with the list itself', async () => {
    const { repository, subject } = await withReferrers(1);
    const broken: Repository = {
      ...repository,
      async *referrers(...given) {
        yield* repository.referrers(...given);
        throw new OciError('ERR_OCI_INVALID', 'a page that is none');
      },
    };
    await expect(all(openGraph(broken).referrers(subject))).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });
});
