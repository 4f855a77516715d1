/**
 * The ids that package.json contributes. They are written here once for the code; a test compares
 * them with the manifest, so that neither side can have an id that the other lacks. This file
 * imports nothing, so that the test needs no VS Code.
 */

export const commands = {
  showOrder: 'driverTeardown.showOrder',
  refreshOrder: 'driverTeardown.refreshOrder',
  goToCallback: 'driverTeardown.goToCallback',
  checkThisFolder: 'driverTeardown.checkThisFolder',
  checkWorkspace: 'driverTeardown.checkWorkspace',
  restartServer: 'driverTeardown.restartServer',
  showLog: 'driverTeardown.showLog',
} as const;

export const views = {
  order: 'driverTeardown.order',
} as const;

/** The first part of every setting's name. */
export const settingsSection = 'driverTeardown';

/** Settings without their section. */
export const settings = {
  rules: 'rules',
  exclude: 'exclude',
  catalog: 'catalog',
  followCursor: 'order.followCursor',
  trace: 'trace.server',
} as const;

/** What an order view's item says about itself for the menus of package.json. */
export const itemKinds = {
  step: 'step',
  stepWithCallback: 'stepWithCallback',
} as const;

/** A command of the server (workspace/executeCommand), not of the editor. */
export const serverCommands = {
  checkFolder: 'driverTeardown.checkFolder',
} as const;
