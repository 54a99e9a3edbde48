import { must } from './shell.ts';
import { serviceOf, type Inspected, type Project } from './project.ts';

/** Services of AFK's own making; the others are stores and tools. */
export function isOurs(c: Inspected): boolean {
  return c.Config.Image.startsWith('afk/') && !c.Config.Image.startsWith('afk/qdrant-local');
}

/** Memory of each running container by its service, bytes: `docker stats`' figure, without the page cache. */
export async function memory(project: Project): Promise<Map<string, { bytes: number; ours: boolean }>> {
  const running = (await project.containers()).filter((c) => c.State.Status === 'running');
  const format = ['stats', '--no-stream', '--format', '{{.ID}} {{.MemUsage}}'];
  const lines = (await must('docker', [...format, ...running.map((c) => c.Id)])).trim().split('\n');
  const used = new Map<string, { bytes: number; ours: boolean }>();
  for (const line of lines) {
    const [id = '', amount = ''] = line.split(' ');
    const container = running.find((c) => c.Id.startsWith(id))!;
    const name = serviceOf(container);
    const before = used.get(name)?.bytes ?? 0;
    used.set(name, { bytes: before + bytesOf(amount), ours: isOurs(container) });
  }
  return used;
}

const units: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function bytesOf(text: string): number {
  const [, number, unit] = /^([\d.]+)([KMG]?i?B)/.exec(text) ?? [];
  if (!number || units[unit!] === undefined) throw new Error(`docker stats: ${text}`);
  return Number(number) * units[unit!]!;
}

/** Looks again and again until `over`. @returns the most that each service took, and all of ours at once */
export async function watchMemory(
  project: Project,
  over: Promise<unknown>,
): Promise<{ peaks: Map<string, number>; ours: number; all: number }> {
  let going = true;
  void over.catch(() => {}).finally(() => (going = false));
  const peaks = new Map<string, number>();
  let ours = 0;
  let all = 0;
  while (going) {
    const now = await memory(project);
    for (const [name, { bytes }] of now) peaks.set(name, Math.max(bytes, peaks.get(name) ?? 0));
    ours = Math.max(ours, sum(now, true));
    all = Math.max(all, sum(now, false));
  }
  return { peaks, ours, all };
}

/** @param only ours alone */
export function sum(used: Map<string, { bytes: number; ours: boolean }>, only: boolean): number {
  return [...used.values()].filter((u) => u.ours || !only).reduce((total, u) => total + u.bytes, 0);
}

export const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** Size of an image, and how much of it is its own beyond the image that it began from, bytes. */
export async function imageSize(image: string, base: string): Promise<{ whole: number; own: number }> {
  const size = async (name: string): Promise<number> =>
    Number(await must('docker', ['image', 'inspect', '--format', '{{.Size}}', name]));
  const whole = await size(image);
  return { whole, own: whole - (await size(base)) };
}
