import type { CommandModule } from '../types.ts';
import { putCommand } from '../put-documents.ts';

export const metricPut: CommandModule = putCommand('metric');
