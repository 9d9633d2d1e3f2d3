import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const paths = {
  cli: here('../../../../packages/cli/bin/downhaul.js'),
  documents: here('../../downhaul/'),
  service: (name: string): string => here(`../services/${name}.ts`),
  load: here('../load/main.ts'),
};
