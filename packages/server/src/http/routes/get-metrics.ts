import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';

export function getMetrics(app: App, { metrics }: ServerContext): void {
  app.get(
    '/metrics',
    { config: { access: 'public' }, logLevel: 'warn', schema: { hide: true } },
    async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.expose()),
  );
}
