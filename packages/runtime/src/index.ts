export { commonEnv, databaseEnv, EnvError, parseEnv } from './env.ts';
export { healthBody, serveHealth, type Checks } from './health.ts';
export { createLogger, type Logger } from './logger.ts';
export { main, type Process } from './main.ts';
export { inTime } from './in-time.ts';
export { busMetrics, createRegistry, polledGauges, type Registry, type Sample } from './metrics.ts';
export { Resources } from './resources.ts';
export { version } from './version.ts';
export {
  answers,
  readPipeline,
  startBusService,
  startPipelineService,
  type App,
  type BusWiring,
  type Wiring,
} from './pipeline-service.ts';
