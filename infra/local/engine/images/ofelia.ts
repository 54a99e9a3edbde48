// Ofelia's two commands as compose.yml uses them, and job-exec: `daemon --config FILE`, `validate --config FILE`.
// Each job that is due is an exec in its container, over Docker's socket, as its user.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { parseArgs } from 'node:util';
import { words } from '../../command-line.ts';
import { parseGitConfig } from '../../gitconfig.ts';
import { follow, parseSchedule } from '../../schedule.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string', default: '/etc/ofelia/config.ini' } },
});
const sections = parseGitConfig(readFileSync(values.config, 'utf8')).filter((s) => s.kind === 'job-exec');
const jobs = sections.map(({ name, values: { schedule = '', container = '', user = '', command = '' } }) => {
  if (!container || !command) throw new Error(`job "${name}" has no container or no command`);
  return { name, container, user, schedule: parseSchedule(schedule), Cmd: words(command) };
});

if (positionals[0] === 'daemon') {
  for (const job of jobs) {
    follow(job.schedule, () => {
      exec(job).then(
        (output) => console.log(`[Job "${job.name}"] Finished, output: ${output}`),
        (error: Error) => console.error(`[Job "${job.name}"] Failed: ${error.message}`),
      );
    });
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
  console.log(`scheduler started, ${jobs.length} jobs`);
}

/** @returns what the command printed. @throws Error where Docker refuses */
async function exec({
  container,
  user,
  Cmd,
}: {
  container: string;
  user: string;
  Cmd: string[];
}): Promise<string> {
  const asked = { AttachStdout: true, AttachStderr: true, User: user, Cmd };
  const { Id } = JSON.parse(await docker(`/containers/${container}/exec`, asked)) as { Id: string };
  // Frames of eight bytes before each piece of output; what a job prints is a number or a short error.
  return (await docker(`/exec/${Id}/start`, { Detach: false, Tty: false }))
    .replaceAll(/[\0-\x1f]/g, ' ')
    .trim();
}

function docker(path: string, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: '/var/run/docker.sock', path, method: 'POST' };
    const asked = request({ ...options, headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
