// The account's numbers, and changing one.

import { all, post, twilio } from './api.js';
import { useLive } from './events.js';

export function useNumbers() {
  const numbers = useLive(() => all(twilio('/IncomingPhoneNumbers.json'), 'incoming_phone_numbers', 1000), ['number.']);
  return {
    ...numbers,
    /** @param {string} sid @param {import('./api.js').Form} form */
    update: (sid, form) => post(twilio(`/IncomingPhoneNumbers/${sid}.json`), form),
  };
}
