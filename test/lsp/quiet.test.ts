/** Who waits for whom: annotations for diagnostics, and never for ever. */
import assert from 'node:assert/strict';
import { Quiet } from '../../server/src/lsp/quiet.ts';

const never = (): boolean => false;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('lsp quiet', () => {
  it('lets annotations through at once when nothing is expected', async () => {
    const quiet = new Quiet();
    assert.equal(quiet.isBusy, false);
    await quiet.reached(never);
  });

  it('lets the diagnostics of an edit answer first, whichever was asked first', async () => {
    const quiet = new Quiet();
    const order: string[] = [];
    quiet.edited('a');
    const waiting = quiet.reached(never).then(() => order.push('annotation'));
    await quiet.during('a', async () => {
      await pause(20);
      order.push('diagnostics');
    });
    await waiting;
    assert.deepEqual(order, ['diagnostics', 'annotation']);
  });

  it('waits as long as diagnostics are under way, also when they fail', async () => {
    const quiet = new Quiet();
    const failing = quiet.during('a', async () => {
      await pause(450);
      throw new Error('no');
    });
    const start = Date.now();
    const waiting = quiet.reached(never);
    await assert.rejects(failing);
    await waiting;
    assert.ok(Date.now() - start >= 440);
  });

  it('does not wait for diagnostics that nobody asks for, for closed documents, or in vain', async () => {
    const quiet = new Quiet();
    quiet.edited('a');
    const start = Date.now();
    await quiet.reached(never);
    assert.ok(Date.now() - start < 2000);
    quiet.edited('b');
    quiet.closed('b');
    assert.equal(quiet.isBusy, false);
    quiet.edited('c');
    await quiet.reached(() => true);
  });
});
