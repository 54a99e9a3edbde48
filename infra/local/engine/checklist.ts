import { once, serviceOf, type Inspected } from './project.ts';

/** What a container does without, and why, is said beside it in compose.yml. */
const exceptions: Record<string, readonly string[]> = {
  // Root without a single capability: the owner of Docker's socket.
  scheduler: ['non-root'],
  portainer: ['non-root'],
  // Its entry point writes beside its program; its Python carries a capability as a file.
  pgadmin: ['read-only root', 'no capabilities'],
};

/** Grace period of compose.yml, s. */
const GRACE = 15;

/** The design's checklist: a name, and whether a running container ticks it. */
const boxes: Record<string, (c: Inspected) => boolean> = {
  'health check': (c) => once.includes(serviceOf(c)) || c.Config.Healthcheck?.Test[0] === 'CMD',
  'memory limit': ({ HostConfig }) => HostConfig.Memory > 0,
  'process limit': ({ HostConfig }) => (HostConfig.PidsLimit ?? 0) > 0,
  restart: (c) => c.HostConfig.RestartPolicy.Name === (once.includes(serviceOf(c)) ? 'no' : 'unless-stopped'),
  'log rotation': ({ HostConfig: { LogConfig } }) =>
    LogConfig.Type === 'json-file' && Boolean(LogConfig.Config['max-size'] && LogConfig.Config['max-file']),
  init: ({ HostConfig }) => HostConfig.Init === true,
  'non-root': ({ Config }) => Config.User !== '' && !/^(root|0)(:|$)/.test(Config.User),
  'read-only root': ({ HostConfig }) => HostConfig.ReadonlyRootfs,
  'no capabilities': ({ HostConfig }) =>
    HostConfig.CapDrop?.join() === 'ALL' && !HostConfig.CapAdd?.length && !HostConfig.Privileged,
  'no new privileges': ({ HostConfig }) =>
    HostConfig.SecurityOpt?.some((o) => /^no-new-privileges(:true)?$/.test(o)) === true,
  'grace period': ({ Config }) => Config.StopTimeout === GRACE,
  'socket read-only': ({ Mounts }) => Mounts.every((m) => !m.Destination.endsWith('docker.sock') || !m.RW),
  'ports on loopback': ({ HostConfig }) =>
    Object.values(HostConfig.PortBindings ?? {}).every(
      (b) => b?.every((p) => p.HostIp === '127.0.0.1') ?? true,
    ),
  'named volumes': ({ Mounts }) =>
    Mounts.every((m) => m.Type !== 'volume' || !/^[0-9a-f]{64}$/.test(m.Name ?? '')),
};

/** @returns the boxes that a container does not tick, without those that it is excused from */
export function unticked(container: Inspected): string[] {
  const excused = exceptions[serviceOf(container)] ?? [];
  return Object.keys(boxes).filter((box) => !boxes[box]!(container) && !excused.includes(box));
}

/** How many there are. */
export const boxCount = Object.keys(boxes).length;
