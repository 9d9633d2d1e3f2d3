import type { CommandModule } from '../types.ts';
import { putCommand } from '../put-documents.ts';

export const segmentPut: CommandModule = putCommand('segment');
