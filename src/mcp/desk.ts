/**
 * The front desk of stdio: answers what every client asks first from constants, then hands the conversation to an engine.
 * Nothing is loaded for a client that asks nothing else; after tools/list the engine is loaded once the client has gone
 * quiet, because loading holds up the next message.
 */
import {
  type Answer,
  type FirstAnswers,
  firstMessage,
  type Initialize,
  isModern,
  type Listed,
} from './first-answers.js';
import type { Receiver, Stdio } from './stdio.js';

/** What was said at the desk: the engine has to know it, and its own answers to that are not sent. */
export type Prologue = {
  /** The last one, and what it was answered. */
  initialize: { request: Initialize; answer: Answer } | undefined;
  initialized: boolean;
  /** Whether the last question was of 2026-07-28. */
  isModern: boolean;
};

/** Takes the conversation from where the prologue left it. */
export type OpenEngine = (stdio: Stdio, prologue: Prologue) => Promise<Receiver>;

export type DeskParts = {
  answers: FirstAnswers;
  listed: Listed;
  openEngine: OpenEngine;
  /** The client says that it is initialized. */
  ready(client: { name: string; version: string }): void;
  /** The client has gone, and nothing is in flight. */
  leave(): void;
};

const QUIET_MS = 100;

/** @param open connects the desk to the pipes: it receives from then on */
export function openDesk(
  { answers, listed, openEngine, ready, leave }: DeskParts,
  open: (receiver: Receiver) => Stdio,
): void {
  const prologue: Prologue = { initialize: undefined, initialized: false, isModern: false };
  /** What came since the engine was sent for; undefined before. */
  let waiting: unknown[] | undefined;
  let end = (): void => {};
  const atEnd = new Promise<void>((resolve) => {
    end = resolve;
  });
  let quiet: NodeJS.Timeout | undefined;

  const stdio = open({
    message(value) {
      if (waiting !== undefined) {
        waiting.push(value);
        return;
      }
      const first = firstMessage(value, answers, listed);
      if (first === undefined) return handOver([value]);
      quiet?.refresh();
      if ('id' in first) prologue.isModern = first.isModern;
      switch (first.kind) {
        case 'initialize':
          prologue.isModern = false;
          prologue.initialize = { request: first.request, answer: first.answer };
          return stdio.write({ ...first.answer, jsonrpc: '2.0', id: first.request.id });
        case 'initialized':
          prologue.initialized = true;
          // After what came with it, usually tools/list: the client does not wait for the log.
          return queueMicrotask(() =>
            ready(prologue.initialize?.request.params.clientInfo ?? { name: '', version: '' }),
          );
        case 'cancelled':
          // Whatever it is about has been answered.
          return;
        case 'list':
          quiet ??= setTimeout(() => handOver([]), QUIET_MS);
      }
      stdio.write({ ...first.answer, jsonrpc: '2.0', id: first.id });
    },
    end() {
      end();
      clearTimeout(quiet);
      if (waiting === undefined) leave();
    },
  });

  function handOver(messages: unknown[]): void {
    clearTimeout(quiet);
    waiting = messages;
    if (messages.length > 0) prologue.isModern = isModern(messages[0]);
    void engineFor(messages);
  }

  async function engineFor(messages: readonly unknown[]): Promise<void> {
    // A client that has gone may never read it.
    await Promise.race([stdio.flushed(), atEnd]);
    const engine = await openEngine(stdio, prologue);
    stdio.receiver = engine;
    for (const message of messages) engine.message(message);
    void atEnd.then(() => engine.end());
  }
}
