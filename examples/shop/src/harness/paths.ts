import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const paths = {
  cli: here('../../../../packages/cli/src/main.ts'),
  documents: here('../../downhaul/'),
  service: (name: string): string => here(`../services/${name}.ts`),
  load: here('../load/main.ts'),
};
