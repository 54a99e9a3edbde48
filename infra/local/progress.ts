import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Stage } from './run.ts';
import type { Notice } from './supervisor.ts';

/** The stages of the line in their order, as a person calls them. */
const stages: readonly { event: string; title: string; tell: (f: Record<string, unknown>) => string }[] = [
  {
    event: 'xml_processing_complete',
    title: 'extract',
    tell: (f) =>
      `${f['count']} new headlines from ${f['feeds']} feeds` +
      (f['feeds_not_modified'] ? `, ${f['feeds_not_modified']} unchanged` : '') +
      (f['feeds_failed'] ? `, ${f['feeds_failed']} failed` : ''),
  },
  { event: 'headlines_classified', title: 'classify', tell: (f) => `${f['count']} headlines` },
  {
    event: 'topics_built',
    title: 'topics',
    tell: (f) => `${f['count']} topics among ${f['headlines']} headlines`,
  },
  { event: 'trends_built', title: 'trends', tell: (f) => `${f['count']} trends, ${f['born']} new` },
  { event: 'trends_classified', title: 'categories', tell: (f) => `${f['count']} trends` },
  {
    event: 'index_complete',
    title: 'index',
    tell: (f) => `${f['count']} headlines, ${f['total']} searchable`,
  },
  { event: 'site_built', title: 'page', tell: (f) => `${f['pages']} pages` },
];

/** More lines of one kind than this are left to the log files. */
const SIMILAR = 5;

/**
 * What a person sees: on a terminal a live line for the stage at work, elsewhere a plain line for each
 * that finished. All of it on stderr; stdout is the summary's.
 */
export class Progress {
  private readonly live = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  private readonly color = pc.createColors(process.stderr.isTTY && !process.env['NO_COLOR']);
  private readonly told = new Map<string, number>();
  private readonly logDir: string;
  private timer: NodeJS.Timeout | undefined;

  constructor(logDir: string) {
    this.logDir = logDir;
  }

  say(line: string): void {
    this.live?.clear();
    process.stderr.write(`${line}\n`);
  }

  step(title: string, detail: string, seconds: number): void {
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    this.say(`${this.color.green('✔')} ${title.padEnd(11)} ${detail.padEnd(52)} ${this.color.dim(time)}`);
  }

  stage({ event, seconds, fields }: Stage): void {
    const index = stages.findIndex((s) => s.event === event);
    const stage = stages[index];
    if (!stage) return;
    this.step(stage.title, stage.tell(fields), seconds);
    this.wait(index + 1);
  }

  /** Shows that stage `index` is at work. */
  wait(index: number): void {
    this.rest();
    const stage = stages[index];
    if (!this.live || !stage) return;
    const started = Date.now();
    const draw = (): void => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      this.live!(`${this.color.cyan('…')} ${stage.title.padEnd(11)} ${this.color.dim(`${seconds} s`)}`);
    };
    draw();
    this.timer = setInterval(draw, 100);
  }

  /** No stage is at work. */
  rest(): void {
    clearInterval(this.timer);
    this.live?.clear();
  }

  /** A service's warning or error. */
  notice({ service, level, text }: Notice): void {
    const kind = `${service} ${text.slice(0, 20)}`;
    const times = (this.told.get(kind) ?? 0) + 1;
    this.told.set(kind, times);
    if (times > SIMILAR + 1) return;
    const mark = level === 'warn' ? this.color.yellow('!') : this.color.red('✘');
    const more = times > SIMILAR ? `… more of these in ${this.logDir}/${service}.log` : text.slice(0, 400);
    this.say(`${mark} ${service.padEnd(11)} ${more}`);
  }
}
