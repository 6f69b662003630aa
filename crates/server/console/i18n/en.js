// English. Every key is in every language; a test holds them against each other.

/** @type {Record<string, string | Record<string, string>>} */
export const en = {
  // everywhere
  'close': 'Close', 'cancel': 'Cancel', 'save': 'Save', 'saved': 'Saved', 'delete': 'Delete', 'none': 'None', 'again': 'Try again', 'send': 'Send',
  'copy.do': 'Copy', 'copy.done': 'Copied', 'waiting': 'Waiting', 'number': 'Number', 'base': 'Base URL', 'back': 'Back', 'create': 'Create', 'name': 'Name',
  'skip': 'Skip to the room', 'language': 'Language', 'signout': 'Sign out ({name})', 'edit': 'Edit', 'more': 'More', 'loading': 'Loading', 'yes': 'Yes', 'no': 'No',
  'theme.auto': 'system', 'theme.light': 'light', 'theme.dark': 'dark', 'theme.now': 'Theme: {name}',
  'live.on': 'Live', 'live.off': 'Connecting…', 'live.virtual': 'Live, virtual clock',
  'nav.rooms': 'Rooms', 'nav.short': 'Shortcuts', 'nav.more': 'More',
  'group.live': 'What happens', 'group.build': 'What answers', 'group.house': 'The house',
  'room.first': 'Start', 'room.phone': 'Phone', 'room.inspector': 'Inspector', 'room.calls': 'Calls', 'room.alerts': 'Alerts', 'room.bins': 'Bins', 'room.numbers': 'Numbers',
  'room.services': 'Messaging services', 'room.applications': 'Applications', 'room.recordings': 'Recordings', 'room.keys': 'Keys and accounts', 'room.settings': 'Settings',
  'broken.title': 'This room broke', 'broken.text': 'The rest of the console goes on.', 'lost.title': 'There is no such room', 'lost.text': 'Choose one from the navigation.',
  'segments': { one: '{n} segment', other: '{n} segments' },
  'code.page': 'About this code', 'answer.empty': 'An empty answer',

  // sign in
  'signin.title': 'Sign in to Offhook', 'signin.how': 'With what the server printed at its start. On the same machine, this prints a link that signs in:',
  'signin.sid': 'Account SID', 'signin.token': 'Auth token', 'signin.do': 'Sign in', 'signin.wrong': 'The house does not know this SID with this token.',
  'signin.failed': 'The house did not answer as expected. Try again.', 'signin.used': 'That link was used already: each one signs in once.',

  // first minute
  'first.lead': 'This number answers. Text it, and watch what your application will see.', 'first.send': 'Text it', 'first.here': 'The answer comes here.',
  'first.why': 'You are +12025550199, a person with a phone.', 'first.phone': 'Open the phone', 'first.how': 'See the request and its answer', 'first.silent': 'There was no answer. Why, is here:',
  'first.none': 'No numbers yet', 'first.none.text': 'Give the house a number first:', 'first.code': 'The same, from your own code', 'first.what': 'What the code does', 'first.language': 'Programming language',
  'first.answer': 'Answer texts', 'first.sendcode': 'Send a text', 'first.point': 'When it runs, let the number ask it: {url}', 'first.pointdo': 'Point the number there', 'first.pointed': 'The number now asks your application',
  'first.bin': 'The bin it makes answers without a program of yours. Use it for a number in', 'first.lately': 'Lately', 'first.all': 'All webhooks',

  // phone
  'phone.add': 'Add a phone', 'phone.adddo': 'Add', 'phone.address': 'Number or address', 'phone.address.hint': 'Any address that no account owns: +12025550123, client:alice, sip:alice@example.com, whatsapp:+12025550123',
  'phone.of': 'Phone {address}', 'phone.behaviour': 'How this phone behaves', 'phone.remove': 'Put the phone {address} away', 'phone.side': 'Side of the phone', 'phone.texts': 'Texts', 'phone.dial': 'Keypad',
  'phone.with': 'The other number', 'phone.quiet': 'Nothing said yet', 'phone.quiet.text': 'Write to {peer}, or call it.', 'phone.conversation': 'Texts with {peer}', 'phone.text': 'Text message', 'phone.media': 'Attach media by its URL', 'phone.nomedia': 'No media',
  'phone.callnow': 'Call {peer}', 'phone.left': '{n} left', 'phone.pad': 'Keys', 'phone.number': 'Number to call', 'phone.past': 'Recent calls',
  'phone.oncall': 'When it is called', 'phone.after': 'Answers after, seconds', 'phone.lines': 'Calls at once', 'phone.onmessage': 'When it is texted', 'phone.deliverafter': 'Delivered after, seconds', 'phone.error': 'Error code',
  'mood.ring': 'Rings', 'mood.answer': 'Answers by itself', 'mood.busy': 'Busy', 'mood.noanswer': 'Nobody answers', 'mood.reject': 'Rejects', 'mood.machine': 'Answering machine', 'mood.unreachable': 'Unreachable',
  'mood.deliver': 'Receives it', 'mood.undelivered': 'Texts undelivered', 'mood.fail': 'Texts fail', 'mood.silent': 'No report of texts',
  'say.call': 'Incoming call for {to} from {from}', 'say.text': 'Text from {from}: {body}',
  'sms.accepted': 'accepted', 'sms.scheduled': 'scheduled', 'sms.queued': 'queued', 'sms.sending': 'sending', 'sms.sent': 'sent', 'sms.delivered': 'delivered', 'sms.undelivered': 'undelivered', 'sms.failed': 'failed', 'sms.canceled': 'canceled', 'sms.receiving': 'receiving', 'sms.received': 'received', 'sms.read': 'read', 'sms.taken': 'taken in',
  'call.queued': 'Queued', 'call.ringing': 'Ringing', 'call.inprogress': 'In progress', 'call.completed': 'Completed', 'call.busy': 'Busy', 'call.noanswer': 'No answer', 'call.failed': 'Failed', 'call.canceled': 'Canceled',
  'call.incoming': 'Incoming call', 'call.more': { one: 'and {n} more call', other: 'and {n} more calls' }, 'call.reject': 'Reject', 'call.answer': 'Answer', 'call.keys': 'Keypad', 'call.hangup': 'Hang up', 'call.done': 'Put away', 'call.again': 'Call again', 'call.timeline': 'Timeline',
  'call.captions': 'Captions', 'call.say': 'Say something', 'call.saydo': 'Say it',
  'cap.beep': 'beep', 'cap.error': 'An application error has occurred', 'cap.answered': 'answered', 'cap.ended': 'ended by the application', 'cap.hungup': 'hung up', 'cap.recording': 'recording', 'cap.connected': 'connected', 'cap.rejected': 'rejected', 'cap.dialling': 'dialling',
  'sound.captions': 'Captions only: there is no live sound for this call here.', 'sound.blocked': 'The browser waits for a click before it plays sound.', 'sound.on': 'Sound on', 'sound.denied': 'No microphone: you hear, and speak by text.', 'sound.insecure': 'The microphone needs localhost or TLS; you hear, and speak by text.',
  'sound.muted': 'Muted', 'sound.both': 'You hear and speak', 'sound.hear': 'You hear', 'sound.mic': 'Speak by microphone', 'sound.mute': 'Mute', 'sound.unmute': 'Unmute',

  // webhooks
  'hook.waiting': 'Waiting', 'hook.running': 'Running', 'hook.done': 'Done', 'hook.failed': 'Failed', 'hook.dead': 'Given up',

  // inspector
  'inspect.count': { one: '{n} webhook', other: '{n} webhooks' }, 'inspect.search': 'Search URL, parameters, answers…', 'inspect.kind': 'Kind', 'inspect.all': 'All',
  'inspect.asks': 'Asks', 'inspect.tells': 'Tells', 'inspect.ask': 'Ask', 'inspect.tell': 'Tell', 'inspect.status': 'Status', 'inspect.any': 'Any status',
  'inspect.troubled': 'With trouble', 'inspect.nothing': 'Nothing like that', 'inspect.empty': 'No webhooks yet',
  'inspect.empty.text': 'Text or call a number: every request to your application shows here as it is made.', 'inspect.detail': 'The chosen webhook',
  'inspect.choose': 'Choose a webhook', 'inspect.choose.text': 'The arrow keys move through the list.', 'inspect.replayed': 'Sent again', 'inspect.late': 'late',
  'inspect.replay': 'Replay', 'inspect.edit': 'Edit and replay', 'inspect.curl': 'Copy as curl', 'inspect.compare': 'Compare', 'inspect.marked': 'Marked as A',
  'inspect.pick': 'Now choose another webhook in the list: both will stand side by side.', 'inspect.answer': 'Answer',
  'inspect.cut': 'The answer is longer than what is kept of it.', 'inspect.answerheaders': 'Headers of the answer', 'inspect.noanswer': 'No answer came.',
  'inspect.parameters': 'Parameters', 'inspect.attempt': 'The request', 'inspect.attempts': 'Requests, one after the other', 'inspect.signature': 'Signature',
  'inspect.headers': 'Headers of the request', 'inspect.token': 'Idempotency token', 'inspect.fallback': 'Fallback URL', 'inspect.call': 'Its call',
  'inspect.notyet': 'Not sent yet.', 'inspect.connect': 'connected in {time}', 'inspect.firstbyte': 'first byte after {time}', 'inspect.addparam': 'Add a parameter',
  'inspect.compared': { one: '{n} parameter differs', other: '{n} parameters differ' }, 'value': 'Value', 'why.first': 'first request', 'why.redirect': 'redirected',
  'why.retry': 'tried again', 'why.auth': 'with credentials', 'why.fallback': 'fallback', 'sign.none': 'This request was not signed.',
  'sign.how': 'HMAC-SHA1 with the auth token, in base64, of the URL followed by every parameter of the body, name and value, sorted by name:', 'sign.computed': 'Computed here',
  'sign.same': 'the same', 'sign.other': 'not this text',

  // bins
  'bins.new': 'New bin', 'bins.newname': 'New bin', 'bins.search': 'Search bins', 'bins.version': 'Version {n}', 'bins.none': 'No bins',
  'bins.none.text': 'A bin is TwiML that the house serves: an answer without an application.', 'bins.choose': 'Choose a bin',
  'bins.choose.text': 'Or make a new one: it can answer texts and calls.', 'bins.use': 'Use for number…', 'bins.access': 'Access', 'bins.open': 'Everybody',
  'bins.signed': 'Signed requests', 'bins.editor': 'TwiML of the bin', 'bins.clean': 'Nothing wrong with it', 'bins.fatal': 'This can not be saved: no document can come of it.',
  'bins.complete': 'completes', 'bins.savekey': 'saves', 'bins.completions': 'Completions', 'bins.sides': 'Preview or versions', 'bins.preview': 'Preview',
  'bins.versions': 'Versions', 'bins.samples': 'With these parameters a request would get:', 'bins.nopreview': 'No preview: the document is broken.', 'bins.current': 'current',
  'bins.restore': 'Restore', 'bins.restored': 'Version {n} is current again', 'bins.delete': 'Delete this bin?',
  'bins.delete.text': '{name} and its versions will be gone. Numbers that ask it will get no answer.', 'bins.fortexts': 'for texts', 'bins.forcalls': 'for calls',
  'bins.usedo': 'Use it', 'bins.used': 'The number answers with this bin', 'bins.use.text': 'The number will ask this bin instead of what it asks now.',
};
