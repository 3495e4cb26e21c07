import type { CallOptions } from '@notarykit/common/internal';
import { checkTag } from '@notarykit/oci/internal';
import type { RepositoryContext } from './context.js';
import { listNames, type NameList } from './name-list.js';
import { requestTagPage, tagPageUrl } from './tag-page.js';

/** Options of a tag list. */
export interface TagsOptions extends CallOptions {
  /** Tags asked for at a time; where the registry finds that too many, as many as it gives. Default 1,000. */
  readonly pageSize?: number;
  /** Begin after this tag. */
  readonly after?: string;
}

/** `GET …/tags/list`, page by page; each tag once. */
export function listTags(context: RepositoryContext, options: TagsOptions): AsyncGenerator<string, void, void> {
  const list: NameList = {
    what: 'the tag list',
    member: 'tags',
    urlOf: (page) => tagPageUrl(context, page),
    fetchPage: (url) => requestTagPage(context, url, options),
    check: checkTag,
  };
  return listNames(context, list, options);
}
