import { once, serviceOf, type Project } from './project.ts';

/** Lines in which a container says that something is wrong. Services log JSON; stores have ways of their own. */
function isError(service: string, line: string): boolean {
  if (line.startsWith('{')) {
    try {
      return ['error', 'fatal'].includes((JSON.parse(line) as { level?: string }).level ?? '');
    } catch {
      return true;
    }
  }
  if (service === 'postgres') return / (ERROR|FATAL|PANIC): /.test(line);
  // Redis marks with `#` what matters, good and bad. That memory should be overcommitted is the machine's affair.
  if (service === 'redis')
    return (
      / # .*\b(warning|error|fail\w*|can't|denied|corrupt\w*|oom|crash\w*)\b/i.test(line) &&
      !/overcommit/.test(line)
    );
  if (once.includes(service)) return false;
  return /\b(error|exception|unhandled|panic|traceback)\b/i.test(line);
}

/** Every line of the project's containers that tells of an error, with the service before it. */
export async function errorsIn(project: Project): Promise<string[]> {
  const found: string[] = [];
  for (const service of new Set((await project.containers()).map(serviceOf))) {
    const lines = (await project.logs(service)).split('\n');
    found.push(...lines.filter((l) => isError(service, l)).map((l) => `${service}: ${l.slice(0, 300)}`));
  }
  return found;
}

/** Which of these secrets stand in the log of which service. */
export async function secretsIn(project: Project, secrets: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const service of new Set((await project.containers()).map(serviceOf))) {
    const text = await project.logs(service);
    const told = Object.keys(secrets).filter((name) => text.includes(secrets[name]!));
    found.push(...told.map((name) => `${service} logs ${name}`));
  }
  return found;
}
