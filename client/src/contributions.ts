/**
 * The ids that package.json contributes. They are written here once for the code; a test compares
 * them with the manifest, so that neither side can have an id that the other lacks. This file
 * imports nothing, so that the test needs no VS Code.
 */

export const commands = {
  showOrder: 'driverTeardown.showOrder',
  refreshOrder: 'driverTeardown.refreshOrder',
  goToRegistration: 'driverTeardown.goToRegistration',
  goToCallback: 'driverTeardown.goToCallback',
  showCallersPath: 'driverTeardown.showCallersPath',
  copyOrderItem: 'driverTeardown.copyOrderItem',
  copyOrder: 'driverTeardown.copyOrder',
  chooseTimeline: 'driverTeardown.chooseTimeline',
  chooseFailingStep: 'driverTeardown.chooseFailingStep',
  filterOrder: 'driverTeardown.filterOrder',
  clearOrderFilter: 'driverTeardown.clearOrderFilter',
  toggleFollowCursor: 'driverTeardown.toggleFollowCursor',
  showRelations: 'driverTeardown.showRelations',
  askOrder: 'driverTeardown.askOrder',
  compareLog: 'driverTeardown.compareLog',
  clearLog: 'driverTeardown.clearLog',
  showLifetimes: 'driverTeardown.showLifetimes',
  showWhatIf: 'driverTeardown.showWhatIf',
  previewFix: 'driverTeardown.previewFix',
  exportPatch: 'driverTeardown.exportPatch',
  tellOfFix: 'driverTeardown.tellOfFix',
  fixFinding: 'driverTeardown.fixFinding',
  whatIfFinding: 'driverTeardown.whatIfFinding',
  ignoreFinding: 'driverTeardown.ignoreFinding',
  toggleInlayHints: 'driverTeardown.toggleInlayHints',
  checkThisFolder: 'driverTeardown.checkThisFolder',
  checkWorkspace: 'driverTeardown.checkWorkspace',
  readOpenModule: 'driverTeardown.readOpenModule',
  nextFinding: 'driverTeardown.nextFinding',
  previousFinding: 'driverTeardown.previousFinding',
  openRulePage: 'driverTeardown.openRulePage',
  reportFalseAlarm: 'driverTeardown.reportFalseAlarm',
  openSample: 'driverTeardown.openSample',
  toggleCodeLenses: 'driverTeardown.toggleCodeLenses',
  restartServer: 'driverTeardown.restartServer',
  showLog: 'driverTeardown.showLog',
} as const;

export const views = {
  order: 'driverTeardown.order',
} as const;

/** Editor tabs with a page of their own, restored after a reload. */
export const webviews = {
  lifetimes: 'driverTeardown.lifetimes',
} as const;

/** The first part of every setting's name. */
export const settingsSection = 'driverTeardown';

/** Settings without their section. */
export const settings = {
  enable: 'enable',
  minSeverity: 'minSeverity',
  run: 'run',
  rules: 'rules',
  exclude: 'exclude',
  conversions: 'conversions',
  kernelVersion: 'kernelVersion',
  serverPath: 'server.path',
  catalog: 'catalog',
  followCursor: 'order.followCursor',
  inlayHints: 'inlayHints.enabled',
  codeLens: 'codeLens.enabled',
  tint: 'tint',
  trace: 'trace.server',
} as const;

/** Theme colours. */
export const colors = {
  devm: 'driverTeardown.devm',
  drmm: 'driverTeardown.drmm',
  devmBackground: 'driverTeardown.devmBackground',
  devmBorder: 'driverTeardown.devmBorder',
  drmmBackground: 'driverTeardown.drmmBackground',
  drmmBorder: 'driverTeardown.drmmBorder',
} as const;

/** What an order view's item says about itself for the menus of package.json. */
export const itemKinds = {
  entry: 'entry',
  timeline: 'timeline',
  probeFailure: 'probeFailure',
  phase: 'phase',
  step: 'step',
  stepWithCallback: 'stepWithCallback',
  finding: 'finding',
  evidence: 'evidence',
  note: 'note',
  run: 'run',
  runners: 'runners',
  runner: 'runner',
  leftovers: 'leftovers',
  left: 'left',
  mark: 'mark',
  log: 'log',
  logStep: 'logStep',
} as const;

/** What the order view says of itself for the menus and welcome texts of package.json. */
export const contextKeys = {
  /** `ModelState` of the view. */
  state: 'driverTeardown.order.state',
  /** Whether a filter hides steps. */
  filtered: 'driverTeardown.order.filtered',
  /** Whether there is an order. */
  filled: 'driverTeardown.order.filled',
  /** Whether what is open lies on no disk, as in a browser: what needs one is not offered. */
  hasNoDisk: 'driverTeardown.hasNoDisk',
} as const;

/** Other extensions that we make room for. */
export const extensions = {
  languageServers: ['llvm-vs-code-extensions.vscode-clangd', 'ms-vscode.cpptools'],
} as const;

/** A command of the server (workspace/executeCommand), not of the editor. */
export const serverCommands = {
  checkFolder: 'driverTeardown.checkFolder',
  readModule: 'driverTeardown.readModule',
} as const;
