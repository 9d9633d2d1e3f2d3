import type { CommandModule } from '../types.ts';
import { putCommand } from '../put-documents.ts';

export const flagPut: CommandModule = putCommand('flag');
