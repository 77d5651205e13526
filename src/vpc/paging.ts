/** Every member of a paged list, each once, though the list may change while it is read. */
import { MalformedResponseError } from '../errors/errors.js';
import { PAGE_SIZE } from './actions.js';
import type { Page } from './client.js';

/** A walk that a change disturbed is done again; after so many, what was seen must do. */
const MAX_WALKS = 4;
/** More certificates than any account has; a list beyond that has no end. */
const MAX_MEMBERS = 20_000;

/**
 * Pages are counted off, so a member that goes while they are read moves the later ones up and one past the reader.
 * The total tells: where it changed, or where the members are not as many, the list is read again.
 */
export async function readAllPages<Member>(
  readPage: (pageNumber: number) => Promise<Page<Member>>,
  idOf: (member: Member) => string,
): Promise<Member[]> {
  let seen = new Map<string, Member>();
  for (let walks = 0; walks < MAX_WALKS; walks += 1) {
    seen = new Map();
    let calm = true;
    let total = 0;
    for (let pageNumber = 1, more = true; more; pageNumber += 1) {
      const page = await readPage(pageNumber);
      if (pageNumber > 1 && page.total !== total) calm = false;
      total = page.total;
      for (const member of page.members) seen.set(idOf(member), member);
      more = page.members.length > 0 && pageNumber * PAGE_SIZE < total;
      if (pageNumber * PAGE_SIZE > MAX_MEMBERS) throw endless();
    }
    if (calm && seen.size === total) break;
  }
  return [...seen.values()];
}

function endless(): MalformedResponseError {
  return new MalformedResponseError(`The list that the service gives goes on beyond ${MAX_MEMBERS} members.`, {
    httpStatus: 200,
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}
