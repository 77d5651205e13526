/** Rises with each change to certificates, so that the list is fetched anew. */
import { createStore } from '../store.js';

export const changed = createStore(0);
