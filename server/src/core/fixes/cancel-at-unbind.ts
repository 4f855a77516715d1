/** Work that nothing stops: stopped by a devm action that is registered where the work is set up, or in remove(). */

import type { Pass } from '../pass.ts';
import type { Worker } from '../program/workers.ts';
import type { Fix } from '../result.ts';
import { cancelInRemove, endedUnder } from './cancel-in-remove.ts';
import { addAction } from './devm-action.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';

const id = 'cancel-at-unbind';

export function cancelAtUnbind(pass: Pass, worker: Worker): Fix[] {
  const { caller, call } = worker.init;
  const milestone = pass.catalog.milestones.get(call.callee);
  const stop = milestone?.stops?.find((name) => pass.catalog.deviceReleases.has(name));
  const title = `Stop it by a devm action${stop === undefined ? '' : ` that calls ${stop}()`}`;
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  const ended = stop === undefined ? undefined : endedUnder(pass, worker);
  if (ended && stop !== undefined) return [cancelInRemove(pass, worker, ended, stop, id)];
  const written = call.args[milestone?.object ?? 0]?.text.trim() ?? '';
  const [, root = '', rest = ''] = /^&\s*(\w+)->([\w.]+)$/.exec(written) ?? [];
  const type = pass.program.typeOfRoot(caller, root);
  if (stop === undefined || !type?.tagged || type.pointers !== 1)
    return manual(`\`${written}\` is not a member of one struct`);
  const base = caller.name.replace(/_(init|register|create|setup|add|attach|probe|start)$/, '');
  const name = `${base}_cancel_${rest.split('.').at(-1) ?? 'work'}`;
  if (pass.program.named(name).length > 0) return manual(`\`${name}\` is taken as a name`);
  const edits = new EditSet();
  const reason = addAction(
    pass,
    worker.init,
    { body: `${stop}(${written});`, root, tag: type.name, name },
    edits,
  );
  if (reason !== undefined) return manual(reason);
  return [
    offered(id, title, edits, {
      notice:
        'it runs before what devm has registered earlier is released; what can queue the work later has to be off by then',
    }),
  ];
}
