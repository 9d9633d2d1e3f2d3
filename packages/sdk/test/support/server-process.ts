/** A server in a process of its own, so that it can be killed: prints its port, and serves until then. */
import { FakeServer } from './fake-server.ts';
import { booleanFlag, snapshotOf } from './snapshots.ts';

const [port = '0', version = '1'] = process.argv.slice(2);
const flags = [booleanFlag('flag', { serve: 'on', version: Number(version) })];
const server = await FakeServer.start(snapshotOf(Number(version), flags), Number(port));
console.log(server.port);
