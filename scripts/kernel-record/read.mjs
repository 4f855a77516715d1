/** Turns the recording kernel's log of a suite into scenarios: what ran, in which order. */

const stamp = /^\[\s*\d+\.\d+\] /;
const own = /^teardown: (\w+)(?: (.*))?$/;
const devres = /^devres_log: (\S+)\s+(ADD|REL|REM) (\S+) (.+) \(\d+ bytes\)$/;
const group = /^grp[<>]$/;
const drmres = /\[drm:\w+\] (ADD|REL|DEL) (\S+) (.+) \(\d+ bytes\)$/;

/** What these add to the lists is the kernel's own: no driver gives it back. */
const forItself = new Set(['drm_dev_alloc', 'drm_dev_register']);

/** What these take off the lists is freed there and then. */
const freeing = new Set(['devm_kfree', 'drmm_kfree']);

/** The log without timestamps. */
export function linesOf(dmesg) {
  return dmesg.split('\n').map((line) => line.replace(stamp, ''));
}

/** What a user's kernel prints too: the rest is the recorder's, KUnit's and the fault injection's. */
export function isKernelLog(line) {
  return devres.test(line) || drmres.test(line) || /drmres release (?:begin|end)$/.test(line);
}

function eventOf(line) {
  const mine = own.exec(line);
  if (mine) return { what: mine[1], name: mine[2] ?? '' };
  const bound = devres.exec(line);
  if (bound)
    return { what: bound[2], scope: 'devm', device: bound[1], node: bound[3], name: bound[4] };
  const drm = drmres.exec(line);
  if (drm)
    return {
      what: drm[1] === 'DEL' ? 'REM' : drm[1],
      scope: 'drmm',
      device: null,
      node: drm[2],
      name: drm[3],
    };
  return line.startsWith('FAULT_INJECTION:') ? { what: 'fails', name: '' } : undefined;
}

/** Splits a suite's lines at the recorder's marks. */
export function sectionsOf(lines) {
  const sections = [];
  for (const line of lines) {
    const event = eventOf(line);
    if (event?.what === 'begin') sections.push({ name: event.name, lines: [] });
    sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** Follows one section. */
class Reader {
  /** Nodes on the lists, by address: what they stand for, or null for the kernel's own. */
  nodes = new Map();
  /** The functions and calls that have begun and not ended. */
  stack = [];
  acquired = [];
  steps = [];
  left = [];
  state = 'setup';
  justReleased = null;

  read(event) {
    if (event.what !== 'enter') this.justReleased = null;
    switch (event.what) {
      case 'unbind':
        this.state = 'teardown';
        break;
      case 'fails':
        this.state = 'teardown';
        break;
      case 'close':
        this.add({ action: 'last file closed', scope: 'call' });
        break;
      case 'unbound':
        this.state = 'left';
        break;
      case 'call':
      case 'enter':
        this.begin(event);
        break;
      case 'done':
      case 'leave':
        this.stack.pop();
        break;
      case 'ADD':
        this.register(event);
        break;
      case 'REM':
        if (freeing.has(this.stack.at(-1)?.name)) this.release(event);
        else this.forget(this.key(event));
        break;
      case 'REL':
        this.release(event);
        break;
      default:
    }
    if (event.what === 'enter') this.justReleased = null;
  }

  key({ scope, node }) {
    return `${scope} ${node}`;
  }

  inside() {
    return this.stack.map((frame) => frame.name);
  }

  begin({ what, name }) {
    // A callback that a list runs has been told of by the list, which may know it by another name:
    // that of the parameter through which a helper was handed it.
    const told = what === 'enter' && this.justReleased !== null;
    if (told) this.justReleased.action = this.justReleased.node.name = name;
    else this.add({ action: name, scope: what === 'call' ? 'call' : 'function' });
    this.stack.push({ name, call: what === 'call', nodes: [] });
  }

  register(event) {
    const key = this.key(event);
    const api = this.stack.at(-1);
    const named = { key, name: event.name, scope: event.scope, device: event.device, api: false };
    if (api?.call && !group.test(event.name)) {
      // Of all that a kernel function adds the last stands for it.
      for (const one of api.nodes) this.forget(one);
      api.nodes.push(key);
      named.name = api.name;
      named.api = true;
      if (forItself.has(api.name)) return;
    }
    this.nodes.set(key, named);
    this.acquired.push(named);
  }

  forget(key) {
    this.nodes.delete(key);
    this.acquired = this.acquired.filter((one) => one.key !== key);
  }

  release(event) {
    const node = this.nodes.get(this.key(event));
    this.forget(this.key(event));
    if (!node || group.test(node.name)) return;
    const step = this.add({
      action: node.name,
      scope: node.scope,
      ...(node.device ? { device: node.device } : {}),
    });
    this.justReleased = node.api
      ? null
      : {
          node,
          set action(name) {
            step.action = name;
          },
        };
  }

  add(step) {
    const inside = this.inside();
    const whole = inside.length > 0 ? { ...step, inside } : step;
    if (this.state === 'teardown') this.steps.push(whole);
    else if (this.state === 'left') this.left.push(whole);
    return whole;
  }
}

/** @returns the scenario of a section, and what it had taken when its teardown began */
export function readSection(section) {
  const reader = new Reader();
  let taken = null;
  for (const line of section.lines) {
    const event = eventOf(line);
    if (!event) continue;
    const before = reader.state;
    reader.read(event);
    if (before === 'setup' && reader.state === 'teardown')
      taken = reader.acquired.filter((one) => !group.test(one.name));
  }
  const device = reader.steps.findLast((step) => step.device)?.device;
  const late = reader.left.filter((step) => step.device === device && device !== undefined);
  return {
    taken: (taken ?? []).map((one) => one.name),
    steps: reader.steps,
    left: late,
    failed: section.lines.some((line) =>
      / failed (?:with error|to bind)|: probe .* failed/.test(line),
    ),
  };
}

/** Addresses by the order of their first use, so that two runs read alike; a released one is new again. */
export function withoutAddresses(lines) {
  const names = new Map();
  let last = 0;
  return lines.map((line) =>
    line.replace(/\b(ADD|REL|REM|DEL) ([0-9a-f]{8,16})\b/, (_, what, address) => {
      if (!names.has(address)) names.set(address, (++last).toString(16).padStart(16, '0'));
      const name = names.get(address);
      if (what !== 'ADD') names.delete(address);
      return `${what} ${name}`;
    }),
  );
}
