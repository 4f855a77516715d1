/** The teardown model on small drivers: each case is C with the order that the kernel gives it (docs/semantics.md). */
import assert from 'node:assert/strict';
import type { EntryOrder, TeardownStep } from '../../server/src/core/result.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const table = (bus: string) =>
  `static struct ${bus}_driver foo_table = { .probe = foo_probe, .remove = foo_remove };\n`;
const device = 'foo = devm_drm_dev_alloc(dev, &foo_driver, struct foo, drm);';
const actions = (...names: string[]) =>
  names.map((name) => `static void ${name}(void *arg) { }\n`).join('');
const drmActions = (...names: string[]) =>
  names.map((name) => `static void ${name}(struct drm_device *drm, void *arg) { }\n`).join('');
const devm = (name: string, arg = 'foo') =>
  `err = devm_add_action_or_reset(dev, ${name}, ${arg}); if (err) return err;\n`;
const drmm = (name: string, arg = 'foo') =>
  `err = drmm_add_action_or_reset(&foo->drm, ${name}, ${arg}); if (err) return err;\n`;

/** A driver with these bodies; `struct foo *foo`, `dev` and `err` are at hand in both. */
function driver(probe: string, remove: string, before = '', bus = 'pci'): string {
  const locals = 'struct foo *foo; int err;';
  return `struct foo { struct drm_device drm; struct device *dev; void *a; void *b; };
${before}
static int foo_probe(struct ${bus}_dev *dev) { ${locals} ${probe} return 0; }
static void foo_remove(struct ${bus}_dev *dev) { ${locals} ${remove} }
${table(bus)}`;
}

const names = (steps: readonly TeardownStep[] | null | undefined) =>
  (steps ?? []).map((step) => `${step.phase} ${step.action}`);

describe('teardown model', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine('6.12');
  });

  const entryOf = (code: string, name = 'foo_probe', from = engine): EntryOrder => {
    const entry = from
      .analyze(new Map([['foo.c', code]]))
      .order()
      .entries.find((one) => one.entry === name);
    assert.ok(entry);
    return entry;
  };
  const unbind = (code: string, name?: string) => names(entryOf(code, name).timelines.unbind);
  const open = (code: string, name?: string) => names(entryOf(code, name).timelines['unplug-open']);
  const failure = (code: string, after: string, name?: string) =>
    entryOf(code, name).timelines['probe-fail'].find((one) => one.after === after);

  describe('what remove() does', () => {
    it('is shown in the order of the calls, callees included', () => {
      const code = driver(
        device + devm('a'),
        'drm_dev_unplug(&foo->drm); foo_hw_off(foo); kfree(foo->a);',
        `${actions('a')}static void foo_hw_off(struct foo *foo) { cancel_work_sync(&foo->work); }`,
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove drm_dev_unplug',
        'remove foo_hw_off',
        'remove cancel_work_sync',
        'remove kfree',
        'devm a',
        'last-put devm_drm_dev_alloc',
      ]);
      const step = entryOf(code).timelines.unbind.find((one) => one.action === 'cancel_work_sync');
      assert.deepEqual(step?.registered.via, ['foo_remove', 'foo_hw_off']);
    });

    it('goes through a pointer that probe has set on what a function answers', () => {
      const code = driver(
        `${device} foo_of(dev)->fini = foo_gone;`,
        'foo->fini(foo);',
        `static void foo_gone(struct foo *foo) { cancel_work_sync(&foo->work); }
`,
      ).replace('void *a;', 'void (*fini)(struct foo *foo); void *a;');
      assert.deepEqual(unbind(code).slice(0, 3), [
        'remove foo_remove',
        'remove foo_gone',
        'remove cancel_work_sync',
      ]);
    });

    it('says whether drm_dev_unplug() is called', () => {
      assert.match(
        entryOf(driver(device, 'drm_dev_unplug(&foo->drm);')).notes?.join() ?? '',
        /`foo_remove` calls drm_dev_unplug\(\)/,
      );
      assert.match(
        entryOf(driver(device, 'drm_dev_unregister(&foo->drm);')).notes?.join() ?? '',
        /does not call drm_dev_unplug\(\)/,
      );
    });

    it('ends what was taken by hand', () => {
      const { acquired, timelines } = entryOf(
        driver('err = request_irq(1, h, 0, "x", foo); if (err) return err;', 'free_irq(1, foo);'),
      );
      assert.deepEqual(names(acquired), ['manual request_irq']);
      assert.equal(
        timelines.unbind.find((step) => step.action === 'free_irq')?.id,
        acquired[0]?.id,
      );
    });
  });

  describe('the last put', () => {
    const manual = (probe: string) =>
      driver(
        `foo->dev = drm_dev_alloc(&foo_driver, dev); ${probe} ${devm('a')} err = drm_dev_register(drm, 0); if (err) goto err_put;`,
        'drm_dev_unregister(drm); drm_dev_put(drm);',
        `${actions('a')}${drmActions('b')}static void foo_release(struct drm_device *drm) { kfree(drm); }\nstatic struct drm_driver foo_driver = { .release = foo_release };`,
      ).replace(
        'return 0; }\nstatic void foo_remove',
        'return 0;\nerr_put:\n drm_dev_put(drm);\n return err; }\nstatic void foo_remove',
      );

    it('is the drm_dev_put() of a driver that allocates by hand', () => {
      assert.deepEqual(unbind(manual(drmm('b'))), [
        'remove foo_remove',
        'remove drm_dev_unregister',
        'last-put drm_dev_put',
        'release foo_release',
        'release kfree',
        'drmm b',
        'devm a',
      ]);
    });

    it('waits for the open file', () => {
      assert.deepEqual(open(manual(drmm('b'))), [
        'remove foo_remove',
        'remove drm_dev_unregister',
        'remove drm_dev_put',
        'devm a',
        'release foo_release',
        'release kfree',
        'drmm b',
      ]);
    });

    it('is on the error path of probe', () => {
      assert.deepEqual(names(failure(manual(drmm('b')), 'a')?.steps), [
        'last-put drm_dev_put',
        'release foo_release',
        'release kfree',
        'drmm b',
        'devm a',
      ]);
    });

    it('can be in a devm action', () => {
      const before = `static void foo_put(void *arg) { drm_dev_put(arg); }\n${actions('a')}${drmActions('b')}`;
      const code = driver(
        `drm = drm_dev_alloc(&foo_driver, dev); ${devm('foo_put', 'drm')}${drmm('b')}${devm('a')}`,
        '',
        before,
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'devm a',
        'devm foo_put',
        'last-put drm_dev_put',
        'drmm b',
      ]);
      assert.deepEqual(open(code), [
        'remove foo_remove',
        'devm a',
        'devm foo_put',
        'devm drm_dev_put',
        'drmm b',
      ]);
    });
  });

  describe('taken off the list early', () => {
    it('devm_release_action() takes the newest, devm_remove_action() too', () => {
      const code = driver(
        devm('a') +
          devm('b') +
          devm('a') +
          'devm_release_action(dev, a, foo);' +
          devm('c') +
          'devm_remove_action(dev, c, foo);',
        '',
        actions('a', 'b', 'c'),
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm b', 'devm a']);
    });

    it('drmm_release_action() takes the oldest', () => {
      const code = driver(
        `${device + drmm('a') + drmm('b') + drmm('a')}drmm_release_action(&foo->drm, a, foo);`,
        '',
        drmActions('a', 'b'),
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'last-put devm_drm_dev_alloc',
        'drmm a',
        'drmm b',
      ]);
    });

    it('runs in remove() where it is called', () => {
      const code = driver(
        devm('a') + devm('b'),
        'devm_release_action(dev, a, foo); drm_dev_unregister(&foo->drm);',
        actions('a', 'b'),
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove a',
        'remove drm_dev_unregister',
        'devm b',
      ]);
    });

    it('memory and mappings, by the object', () => {
      const code = driver(
        'foo->a = devm_kzalloc(dev, 1, 0); foo->b = devm_kzalloc(dev, 2, 0); devm_kfree(dev, foo->a);',
        '',
      );
      const { timelines } = entryOf(code);
      assert.deepEqual(
        timelines.unbind.map((step) => step.releases),
        [null, 'memory `foo->b`'],
      );
    });

    it('not by an error path', () => {
      const code = driver(
        'foo->a = devm_kzalloc(dev, 1, 0); err = foo_try(); if (err) { devm_kfree(dev, foo->a); return err; }',
        '',
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm devm_kzalloc']);
    });

    it('under a condition it stays, and says so', () => {
      const code = driver(
        `${devm('a')}if (foo->old) devm_remove_action(dev, a, foo);`,
        '',
        actions('a'),
      );
      assert.equal(entryOf(code).timelines.unbind[1]?.conditional, 'unless (foo->old)');
    });

    it('registered again: only the new place counts', () => {
      const code = driver(
        `${devm('a') + devm('b')}devm_remove_action(dev, a, foo);${devm('a')}`,
        '',
        actions('a', 'b'),
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm a', 'devm b']);
    });
  });

  describe('on the list without a managed function by name', () => {
    const enable = 'err = pcim_enable_device(dev); if (err) return err;\n';
    const region = 'err = pci_request_region(dev, 0, "foo"); if (err) return err;\n';

    it('a region of a device that pcim_enable_device() enabled', () => {
      assert.deepEqual(unbind(driver(enable + region + devm('a'), '', actions('a'))), [
        'remove foo_remove',
        'devm a',
        'devm pci_request_region',
        'devm pcim_enable_device',
      ]);
      const byHand = driver(region + devm('a'), '', actions('a'));
      assert.deepEqual(unbind(byHand), ['remove foo_remove', 'devm a']);
    });

    it('all regions are off it when remove() gives them back', () => {
      const twice = `${enable}${region}${region.replace('0,', '2,')}`;
      assert.deepEqual(unbind(driver(twice, 'pci_release_regions(dev);')), [
        'remove foo_remove',
        'remove pci_release_regions',
        'devm pcim_enable_device',
      ]);
    });

    it('stays on it when probe fails behind', () => {
      const code = driver(`${enable}${region}${devm('a')}`, '', actions('a'));
      assert.deepEqual(names(failure(code, 'pci_request_region')?.steps), [
        'devm pci_request_region',
        'devm pcim_enable_device',
      ]);
    });

    it('what a helper of the kernel takes', () => {
      const code = driver(
        `${device} err = mipi_dbi_dev_init(foo, &funcs, &mode, 0); if (err) return err;\n`,
        '',
        '',
        'spi',
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'devm devm_kmalloc',
        'last-put devm_drm_dev_alloc',
        'drmm drmm_mode_config_init',
      ]);
    });
  });

  describe('devres groups', () => {
    it('released in probe', () => {
      const code = driver(
        `${devm('a')}g = devres_open_group(dev, NULL, 0); ${devm('b')}devres_release_group(dev, g);${devm('c')}`,
        '',
        actions('a', 'b', 'c'),
      ).replace('int err;', 'int err; void *g;');
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm c', 'devm a']);
    });

    it('released in remove()', () => {
      const code = driver(
        `devres_open_group(dev, foo, 0); ${devm('a')}devres_close_group(dev, foo);${devm('b')}`,
        'devres_release_group(dev, foo);',
        actions('a', 'b'),
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'remove a', 'devm b']);
    });

    it('released in remove(), by the member that keeps its name', () => {
      const probe = `g = devres_open_group(dev, NULL, 0); ${devm('a')}devres_close_group(dev, g); foo->a = g;${devm('b')}`;
      const code = driver(probe, 'devres_release_group(dev, foo->a);', actions('a', 'b')).replace(
        'int err;',
        'int err; void *g;',
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'remove a', 'devm b']);
    });

    it('removed: only its marks go', () => {
      const code = driver(
        `devres_open_group(dev, foo, 0); ${devm('a')}devres_remove_group(dev, foo);${devm('b')}`,
        '',
        actions('a', 'b'),
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm b', 'devm a']);
    });
  });

  describe('a failed probe', () => {
    const ladder = `struct foo { struct drm_device drm; void *a; };\n${actions('a', 'b')}
static int foo_hw_init(struct foo *foo) { int err;
	foo->a = alloc_workqueue("x", 0, 0);
	if (!foo->a) return -ENOMEM;
	err = devm_add_action_or_reset(foo->drm.dev, b, foo);
	if (err) goto err_queue;
	return 0;
err_queue:
	destroy_workqueue(foo->a);
	return err; }
static int foo_probe(struct pci_dev *dev) { struct foo *foo; int err;
	err = devm_add_action_or_reset(dev, a, foo);
	if (err) return err;
	err = pci_enable_device(dev);
	if (err) return err;
	err = foo_hw_init(foo);
	if (err) goto err_disable;
	err = foo_start(foo);
	if (err) goto err_hw;
	return 0;
err_hw:
	foo_hw_fini(foo);
err_disable:
	pci_disable_device(dev);
	return err; }
static void foo_hw_fini(struct foo *foo) { destroy_workqueue(foo->a); }
static struct pci_driver foo_table = { .probe = foo_probe };\n`;

    it('runs the error paths of every caller, then devres', () => {
      assert.deepEqual(names(failure(ladder, 'alloc_workqueue')?.steps), [
        'manual destroy_workqueue',
        'manual pci_disable_device',
        'devm a',
      ]);
      assert.deepEqual(names(failure(ladder, 'b')?.steps), [
        'manual foo_hw_fini',
        'manual destroy_workqueue',
        'manual pci_disable_device',
        'devm b',
        'devm a',
      ]);
      assert.deepEqual(names(failure(ladder, 'a')?.steps), ['devm a']);
    });

    it('an _or_reset that fails runs its action at once, before all else', () => {
      assert.deepEqual(names(failure(ladder, 'b')?.failing), [
        'devm b',
        'manual destroy_workqueue',
        'manual pci_disable_device',
        'devm a',
      ]);
      assert.equal(failure(ladder, 'alloc_workqueue')?.failing, null);
    });
  });

  it('without remove() a registered drm_device stays, and its list is not released', () => {
    const probe = `${device} ${drmm('b')} return drm_dev_register(&foo->drm, 0);`;
    const code = driver(probe, '', drmActions('b')).replace(', .remove = foo_remove', '');
    assert.deepEqual(unbind(code), ['devm devm_drm_dev_alloc']);
    assert.match(entryOf(code).notes?.join() ?? '', /nothing unregisters the drm_device/);
    const ended = probe.replace('return', `${devm('a')} return`);
    const byAction = driver(
      ended,
      '',
      `${drmActions('b')}static void a(void *arg) { struct foo *foo = arg; drm_dev_unregister(&foo->drm); }`,
    ).replace(', .remove = foo_remove', '');
    assert.deepEqual(unbind(byAction), ['devm a', 'last-put devm_drm_dev_alloc', 'drmm b']);
  });

  it('a test of what a step answered is no step: behind drm_dev_alloc() comes the put', () => {
    const code = driver(
      `struct drm_device *drm = drm_dev_alloc(&foo_driver, dev); if (IS_ERR(drm)) return PTR_ERR(drm);
err = drmm_mode_config_init(drm); if (err) goto put; err = drm_dev_register(drm, 0); if (err) goto put; return 0;
put: drm_dev_put(drm); return err;`,
      '',
    );
    assert.deepEqual(names(failure(code, 'drm_dev_alloc')?.steps), ['last-put drm_dev_put']);
    assert.deepEqual(names(failure(code, 'drmm_mode_config_init')?.steps), [
      'last-put drm_dev_put',
      'drmm drmm_mode_config_init',
    ]);
  });

  describe('a failure that nobody hears', () => {
    const init = `static int foo_init(struct foo *foo, struct pci_dev *dev) { int err;
${devm('a')} foo->a = devm_kzalloc(dev, 8, GFP_KERNEL); if (!foo->a) return -ENOMEM; return 0; }
`;
    const last = 'return drm_dev_register(&foo->drm, 0);';
    const code = (call: string) =>
      driver(`${device} ${call} ${last}`, '', `${actions('a', 'b')}${init}`);

    it('is no failure of probe: the next step is what can fail', () => {
      const dropped = code('foo_init(foo, dev);');
      assert.equal(failure(dropped, 'a'), undefined);
      assert.deepEqual(names(failure(dropped, 'devm_kzalloc')?.steps), [
        'devm devm_kzalloc',
        'devm a',
        'last-put devm_drm_dev_alloc',
      ]);
    });

    it('that is heard ends probe there', () => {
      const kept = code('err = foo_init(foo, dev); if (err) return err;');
      assert.notEqual(failure(kept, 'a')?.failing, null);
      assert.deepEqual(names(failure(kept, 'a')?.steps), ['devm a', 'last-put devm_drm_dev_alloc']);
    });
  });

  describe('the power domain', () => {
    const code = driver(devm('a'), '', actions('a'), 'platform').replaceAll(
      'platform_dev *',
      'platform_device *',
    );

    it('goes before devres in 6.12', () => {
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove dev_pm_domain_detach',
        'devm a',
      ]);
    });

    it('goes after devres in 7.3', async () => {
      const entry = entryOf(code, 'foo_probe', await loadEngine('7.3'));
      assert.deepEqual(names(entry.timelines.unbind), [
        'remove foo_remove',
        'devm a',
        'manual dev_pm_domain_detach',
      ]);
    });
  });

  describe('components', () => {
    const part = (name: string) => `${actions(`${name}_hw`)}${drmActions(`${name}_sw`)}
static int ${name}_bind(struct device *dev, struct device *master, void *data) { struct drm_device *drm = data; int err;
	err = devm_add_action_or_reset(dev, ${name}_hw, dev); if (err) return err;
	return drmm_add_action_or_reset(drm, ${name}_sw, dev); }
static void ${name}_unbind(struct device *dev, struct device *master, void *data) { }
static const struct component_ops ${name}_ops = { .bind = ${name}_bind, .unbind = ${name}_unbind };\n`;
    const whole = `struct foo { struct drm_device drm; };\n${actions('m')}${part('x')}${part('y')}
static int foo_bind(struct device *dev) { struct foo *foo; int err;
	foo = devm_drm_dev_alloc(dev, &foo_driver, struct foo, drm);
	err = devm_add_action_or_reset(dev, m, foo); if (err) return err;
	err = component_bind_all(dev, &foo->drm); if (err) return err;
	err = drm_dev_register(&foo->drm, 0); if (err) goto err_unbind;
	return 0;
err_unbind:
	component_unbind_all(dev, &foo->drm);
	return err; }
static void foo_unbind(struct device *dev) { drm_dev_unregister(drm); component_unbind_all(dev, drm); }
static const struct component_master_ops foo_ops = { .bind = foo_bind, .unbind = foo_unbind };\n`;
    const parts = ['remove y_unbind', 'devm y_hw', 'remove x_unbind', 'devm x_hw'];
    const rest = ['devm m', 'last-put devm_drm_dev_alloc', 'drmm y_sw', 'drmm x_sw'];

    it('are unbound in reverse, each with its group, before the aggregate lets go', () => {
      assert.deepEqual(unbind(whole, 'foo_bind'), [
        'remove foo_unbind',
        'remove drm_dev_unregister',
        'remove component_unbind_all',
        ...parts,
        ...rest,
      ]);
      assert.equal(
        entryOf(whole, 'foo_bind').timelines.unbind.find((step) => step.action === 'y_hw')?.group,
        'y_bind',
      );
    });

    it('on their own: the group at unbind, drmm at the last put of the whole', () => {
      assert.deepEqual(unbind(whole, 'x_bind'), ['remove x_unbind', 'devm x_hw', 'drmm x_sw']);
    });

    it('that fail take the ones before them along, those of their kind too', () => {
      assert.deepEqual(names(failure(whole, 'y_hw', 'foo_bind')?.failing), [
        'devm y_hw',
        ...parts,
        'devm m',
        'last-put devm_drm_dev_alloc',
        'drmm y_sw',
        'drmm x_sw',
      ]);
      assert.deepEqual(names(failure(whole, 'y_sw', 'foo_bind')?.steps), [
        'manual component_unbind_all',
        ...parts,
        ...rest,
      ]);
    });
  });

  describe('ways', () => {
    it('through a table of functions: each that can be meant, with what has to hold', () => {
      const code = driver(
        'foo->ops->init(foo);',
        '',
        `${actions('a', 'b')}
struct foo_ops { int (*init)(struct foo *foo); };
struct foo { struct foo_ops *ops; struct device *dev; };
static int one_init(struct foo *foo) { return devm_add_action_or_reset(foo->dev, a, foo); }
static int two_init(struct foo *foo) { return devm_add_action_or_reset(foo->dev, b, foo); }
static const struct foo_ops one_ops = { .init = one_init };
static const struct foo_ops two_ops = { .init = two_init };`,
      ).replace(/^struct foo \{ struct drm_device.*\n/, '');
      const steps = entryOf(code).timelines.unbind;
      assert.deepEqual(
        steps.slice(1).map((step) => [step.action, step.conditional]),
        [
          ['b', 'when it is two_init'],
          ['a', 'when it is one_init'],
        ],
      );
    });

    it('through drm_driver.load and unload', () => {
      const code = driver(
        'drm_dev_register(drm, 0);',
        'drm_dev_unregister(drm);',
        `${actions('a')}
static int foo_load(struct drm_device *drm, unsigned long flags) { return devm_add_action(drm->dev, a, drm); }
static void foo_unload(struct drm_device *drm) { drm_kms_helper_poll_fini(drm); }
static const struct drm_driver foo_driver = { .load = foo_load, .unload = foo_unload };`,
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove drm_dev_unregister',
        'remove foo_unload',
        'remove drm_kms_helper_poll_fini',
        'devm a',
      ]);
    });

    it('through macros that stand for a call, and through one another', () => {
      const code = driver(
        'err = FOO_ADD(foo, a); if (err) return err; err = FOO_LATE(foo, b); if (err) return err; foo->a = FOO_ALLOC(dev);',
        'FOO_DROP(foo, a);',
        `#define FOO_ADD(f, cb) devm_add_action_or_reset((f)->dev, cb, f)
#define FOO_LATE(f, cb)	(drmm_add_action_or_reset(&(f)->drm, cb, (f)))
#define FOO_DROP(f, cb)	devm_release_action((f)->dev, cb, f)
#define FOO_ZERO(dev, n)	devm_kzalloc(dev, n, GFP_KERNEL)
#define FOO_ALLOC(dev)	FOO_ZERO(dev, sizeof(struct foo))
${actions('a')}${drmActions('b')}`,
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove a',
        'devm devm_kzalloc',
        'drmm b',
      ]);
    });

    it('through wrappers that take something themselves', () => {
      const code = driver(
        'foo_managed(dev, a, foo);',
        '',
        `${actions('a')}
static int foo_managed(struct device *dev, void (*fn)(void *), void *arg) { void *p = devm_kzalloc(dev, 8, 0); if (!p) return -ENOMEM; return devm_add_action(dev, fn, arg); }`,
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm a', 'devm devm_kzalloc']);
    });

    it('what an action registers while devres is released stays on the list', () => {
      const code = driver(
        devm('a') + devm('b'),
        '',
        `${actions('late', 'a')}static void b(void *arg) { devm_add_action(arg, late, arg); }`,
      );
      assert.deepEqual(unbind(code), ['remove foo_remove', 'devm b', 'devm a']);
    });

    it('a reference taken and dropped on the way changes nothing', () => {
      const code = driver(
        device + drmm('b'),
        'drm_dev_get(&foo->drm); drm_dev_unplug(&foo->drm); drm_dev_put(&foo->drm);',
        drmActions('b'),
      );
      assert.deepEqual(unbind(code), [
        'remove foo_remove',
        'remove drm_dev_unplug',
        'remove drm_dev_put',
        'last-put devm_drm_dev_alloc',
        'drmm b',
      ]);
    });
  });

  describe('words', () => {
    it('tell what a callback gives back', () => {
      const code = driver(
        devm('foo_fini'),
        '',
        'static void foo_fini(void *arg) { struct foo *foo = arg; destroy_workqueue(foo->a); kfree(foo->b); }',
      );
      assert.equal(entryOf(code).acquired[0]?.releases, 'workqueue `foo->a`, memory `foo->b`');
    });

    it('name a raw resource by its release, once it is added and not before', () => {
      const release =
        'static void foo_end(struct device *dev, void *res) { struct foo *foo = res; destroy_workqueue(foo->a); }';
      const made = 'struct foo *res = devres_alloc(foo_end, sizeof(*res), GFP_KERNEL);';
      const added = driver(`${made} devres_add(dev, res);`, '', release);
      assert.deepEqual(unbind(added), ['remove foo_remove', 'devm foo_end']);
      assert.equal(entryOf(added).acquired[0]?.kind, 'workqueue');
      const both = driver(`${made} ${devm('a')}`, '', `${release} ${actions('a')}`);
      assert.deepEqual(unbind(both), ['remove foo_remove', 'devm a']);
    });

    it('tell where a resource is kept, and of what kind an action is', () => {
      const code = driver(
        `foo->a = devm_clk_get(dev, "x");${devm('foo_fini')}`,
        '',
        'static void foo_fini(void *arg) { struct foo *foo = arg; destroy_workqueue(foo->a); }',
      );
      const [clock, action] = entryOf(code).acquired;
      assert.equal(clock?.releases, 'clock `foo->a`');
      assert.equal(action?.kind, 'workqueue');
    });
  });
});
