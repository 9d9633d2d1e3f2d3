import type { App } from '../app-types.ts';

export function getOpenapi(app: App): void {
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}
