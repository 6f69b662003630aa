// Words of the house's own vocabulary, in the reader's language, and their colours.

import { t } from './i18n.js';

/** @type {Record<string, string>} */
export const WEBHOOK_TONES = { waiting: 'wait', running: 'calm', done: 'good', failed: 'bad', dead: 'bad' };
/** @type {Record<string, string>} */
const WEBHOOK = { waiting: 'hook.waiting', running: 'hook.running', done: 'hook.done', failed: 'hook.failed', dead: 'hook.dead' };
/** @param {string} status */
export const webhookStatus = (status) => t(WEBHOOK[status] ?? status);

/** @type {Record<string, string>} */
const MESSAGE = {
  accepted: 'sms.accepted', scheduled: 'sms.scheduled', queued: 'sms.queued', sending: 'sms.sending', sent: 'sms.sent', delivered: 'sms.delivered',
  undelivered: 'sms.undelivered', failed: 'sms.failed', canceled: 'sms.canceled', receiving: 'sms.receiving', received: 'sms.received', read: 'sms.read',
};
/** @param {string} status */
export const messageStatus = (status) => t(MESSAGE[status] ?? status);

/** @type {Record<string, string>} */
const CALL = {
  queued: 'call.queued', initiated: 'call.queued', ringing: 'call.ringing', 'in-progress': 'call.inprogress', completed: 'call.completed',
  busy: 'call.busy', 'no-answer': 'call.noanswer', failed: 'call.failed', canceled: 'call.canceled',
};
/** @param {string} status */
export const callStatus = (status) => t(CALL[status] ?? status);
/** @type {Record<string, string>} */
export const CALL_TONES = { queued: 'wait', ringing: 'wait', 'in-progress': 'calm', completed: 'good', busy: 'bad', 'no-answer': 'bad', failed: 'bad', canceled: '' };
/** @param {string} status */
export const isLive = (status) => ['queued', 'initiated', 'ringing', 'in-progress'].includes(status);

/** @type {Record<string, string>} */
const WAY = { inbound: 'way.inbound', 'outbound-api': 'way.api', 'outbound-dial': 'way.dial' };
/** @param {string} direction of a call */
export const wayOf = (direction) => t(WAY[direction] ?? direction);

/** @type {Record<string, string>} */
const ACCOUNT = { active: 'account.active', suspended: 'account.suspended', closed: 'account.closed' };
/** @param {string} status */
export const accountStatus = (status) => t(ACCOUNT[status] ?? status);

/** @type {Record<string, string>} */
const RECORDING = { 'in-progress': 'rec.inprogress', paused: 'rec.paused', processing: 'rec.processing', completed: 'rec.completed', absent: 'rec.absent' };
/** @param {string} status */
export const recordingStatus = (status) => t(RECORDING[status] ?? status);
