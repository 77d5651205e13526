/** Every member of a paged list, each once, though the list may change while it is read. */
import { MalformedResponseError } from '../errors/errors.js';
import type { Page } from './client.js';

/** A walk that a change disturbed is done again, so often. */
const MAX_WALKS = 4;
/** Ten times what any list is asked for: to read more than that is not worth the time of the others. */
const MAX_PAGE = 500;
/** More certificates than any account has; a list beyond that has no end. */
const MAX_MEMBERS = 20_000;

/**
 * Pages are counted off, so a member that goes while they are read moves the later ones up and one past the reader.
 * The total tells: where it changed, or where the members are not as many, the list is read again.
 * @throws MalformedResponseError for a list without end, and for one that never has as many members as it says: what is
 * missing in a part of a list is not missing in the cloud
 */
export async function readAllPages<Member>(
  readPage: (pageNumber: number) => Promise<Page<Member>>,
  idOf: (member: Member) => string,
): Promise<Member[]> {
  let total = 0;
  let seen = new Map<string, Member>();
  for (let walks = 0; walks < MAX_WALKS; walks += 1) {
    seen = new Map();
    let calm = true;
    let read = 0;
    for (let pageNumber = 1, more = true; more; pageNumber += 1) {
      const page = await readPage(pageNumber);
      if (page.members.length > MAX_PAGE) throw unusable(`has ${page.members.length} members on one page`);
      if (pageNumber > 1 && page.total !== total) calm = false;
      total = page.total;
      read += page.members.length;
      for (const member of page.members) seen.set(idOf(member), member);
      // Counted, not worked out: a service may give fewer a page than it is asked for.
      more = page.members.length > 0 && read < total;
      if (read > MAX_MEMBERS) throw unusable(`goes on beyond ${MAX_MEMBERS} members`);
    }
    if (calm && seen.size === total) break;
  }
  if (seen.size < total) throw unusable(`has ${seen.size} members and says that they are ${total}`);
  return [...seen.values()];
}

function unusable(how: string): MalformedResponseError {
  return new MalformedResponseError(`The list that the service gives ${how}.`, {
    httpStatus: 200,
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}
