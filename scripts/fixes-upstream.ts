/** Prints how our fixes compare with what upstream did: `npm run fixes:upstream`. */
import { compareWithUpstream } from './fixes/upstream.ts';
import { upstreamText } from './fixes/upstream-report.ts';

process.stdout.write(upstreamText(await compareWithUpstream()));
