/** The question that a call puts to the person before it goes on. */
import type { Question, Reply } from './link/mcp.js';
import { createStore } from './store.js';

export type OpenQuestion = Question & { answer(reply: Reply): void };

/** The one that is shown; undefined where nothing is asked. */
export const question = createStore<OpenQuestion | undefined>(undefined);

export function askPerson({ message, consent }: Question): Promise<Reply> {
  question.get()?.answer('cancel');
  return new Promise((resolve) => {
    question.set({
      message,
      consent,
      answer(reply) {
        question.set(undefined);
        resolve(reply);
      },
    });
  });
}
