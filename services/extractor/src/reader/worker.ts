// The thread in which documents are read: what is sent here may be ended at any moment.
import { parentPort } from 'node:worker_threads';
import { readFeed, type FeedContext } from '../domain/read-feed.ts';
import { readOpml } from '../source/opml.ts';

export type Request =
  | { kind: 'feed'; text: string; context: FeedContext }
  | { kind: 'opml'; text: string; location: string };
/** An error goes as its name and message: the class of one does not survive the way between threads. */
export type Answer = { value: unknown } | { error: { name: string; message: string } };

const port = parentPort!;
port.on('message', (request: Request) => port.postMessage(answer(request)));
// The first message says that all is loaded: a document's time does not begin before.
port.postMessage('ready');

function answer(request: Request): Answer {
  try {
    const value =
      request.kind === 'feed'
        ? readFeed(request.text, request.context)
        : readOpml(request.text, request.location);
    return { value };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}
