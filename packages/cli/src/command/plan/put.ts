import type { CommandModule } from '../types.ts';
import { putCommand } from '../put-documents.ts';

export const planPut: CommandModule = putCommand('plan');
