// Every room of the console. To add one: a file in rooms/, a row here, its words in both
// languages (docs/console.md).

/** @typedef {{path: string, title: string, icon: string, group: string, load: () => Promise<any>}} Entry */

/** @type {Entry[]} */
export const ROOMS = [
  { path: '', title: 'room.first', icon: 'home', group: 'group.live', load: () => import('./rooms/first.js') },
  { path: 'phone', title: 'room.phone', icon: 'phone', group: 'group.live', load: () => import('./rooms/phone.js') },
  { path: 'inspector', title: 'room.inspector', icon: 'inspect', group: 'group.live', load: () => import('./rooms/inspector.js') },
  { path: 'calls', title: 'room.calls', icon: 'timeline', group: 'group.live', load: () => import('./rooms/calls.js') },
  { path: 'alerts', title: 'room.alerts', icon: 'alert', group: 'group.live', load: () => import('./rooms/alerts.js') },
  { path: 'bins', title: 'room.bins', icon: 'bin', group: 'group.build', load: () => import('./rooms/bins.js') },
  { path: 'numbers', title: 'room.numbers', icon: 'hash', group: 'group.build', load: () => import('./rooms/numbers.js') },
  { path: 'services', title: 'room.services', icon: 'service', group: 'group.build', load: () => import('./rooms/services.js') },
  { path: 'applications', title: 'room.applications', icon: 'app', group: 'group.build', load: () => import('./rooms/applications.js') },
  { path: 'recordings', title: 'room.recordings', icon: 'recording', group: 'group.build', load: () => import('./rooms/recordings.js') },
  { path: 'keys', title: 'room.keys', icon: 'key', group: 'group.house', load: () => import('./rooms/keys.js') },
  { path: 'settings', title: 'room.settings', icon: 'settings', group: 'group.house', load: () => import('./rooms/settings.js') },
];

/** The groups of the navigation, in their order. */
export const GROUPS = ['group.live', 'group.build', 'group.house'];

/** What a narrow screen has at its bottom; the rest is behind "more". */
export const SHORTCUTS = ['', 'phone', 'inspector', 'bins'];
