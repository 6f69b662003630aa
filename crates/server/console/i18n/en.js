// English. Every key is in every language; a test holds them against each other.

/** @type {Record<string, string | Record<string, string>>} */
export const en = {
  // everywhere
  'close': 'Close', 'cancel': 'Cancel', 'save': 'Save', 'saved': 'Saved', 'delete': 'Delete', 'none': 'None', 'again': 'Try again', 'send': 'Send',
  'copy.do': 'Copy', 'copy.done': 'Copied', 'waiting': 'Waiting', 'number': 'Number', 'base': 'Base URL', 'back': 'Back', 'create': 'Create', 'name': 'Name',
  'skip': 'Skip to the room', 'language': 'Language', 'signout': 'Sign out ({name})', 'loading': 'Loading', 'yes': 'Yes', 'no': 'No',
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
  'media.attach': 'Attach files', 'media.choose': 'Choose files', 'media.how': 'or drop or paste them here: {n} files, {most} each', 'media.list': 'Attached files', 'media.bylink': 'A file elsewhere, by its URL',
  'media.attached': '{name} is attached', 'media.remove': 'Remove {name}', 'media.toobig': '{size} is too large: {most} at most', 'media.failed': 'It can not be shown here', 'media.picture': 'Picture from {from}', 'media.audio': 'Sound from {from}', 'media.video': 'Video from {from}',
  'phone.callnow': 'Call {peer}', 'phone.left': '{n} left', 'phone.pad': 'Keys', 'phone.number': 'Number to call', 'phone.past': 'Recent calls',
  'phone.oncall': 'When it is called', 'phone.after': 'Answers after, seconds', 'phone.lines': 'Calls at once', 'phone.onmessage': 'When it is texted', 'phone.deliverafter': 'Delivered after, seconds', 'phone.error': 'Error code',
  'phone.profile': 'Name on WhatsApp', 'phone.readafter': 'Reads after, seconds', 'phone.readafter.hint': 'Empty: it reads nothing by itself.', 'phone.window': 'Keep the 24-hour window', 'phone.window.hint': 'What is sent later than 24 hours after the person’s last message fails with 63016.', 'phone.read': 'Mark as read', 'mood.window': '24-hour window',
  'mood.ring': 'Rings', 'mood.answer': 'Answers by itself', 'mood.busy': 'Busy', 'mood.noanswer': 'Nobody answers', 'mood.reject': 'Rejects', 'mood.machine': 'Answering machine', 'mood.unreachable': 'Unreachable',
  'mood.deliver': 'Receives it', 'mood.undelivered': 'Texts undelivered', 'mood.fail': 'Texts fail', 'mood.silent': 'No report of texts',
  'say.call': 'Incoming call for {to} from {from}', 'say.text': 'Text from {from}: {body}',
  'sms.accepted': 'accepted', 'sms.scheduled': 'scheduled', 'sms.queued': 'queued', 'sms.sending': 'sending', 'sms.sent': 'sent', 'sms.delivered': 'delivered', 'sms.undelivered': 'undelivered', 'sms.failed': 'failed', 'sms.canceled': 'canceled', 'sms.receiving': 'receiving', 'sms.received': 'received', 'sms.read': 'read',
  'call.queued': 'Queued', 'call.ringing': 'Ringing', 'call.inprogress': 'In progress', 'call.completed': 'Completed', 'call.busy': 'Busy', 'call.noanswer': 'No answer', 'call.failed': 'Failed', 'call.canceled': 'Canceled',
  'call.incoming': 'Incoming call', 'call.more': { one: 'and {n} more call', other: 'and {n} more calls' }, 'call.reject': 'Reject', 'call.answer': 'Answer', 'call.keys': 'Keypad', 'call.hangup': 'Hang up', 'call.done': 'Put away', 'call.again': 'Call again', 'call.timeline': 'Timeline',
  'call.captions': 'Captions', 'call.say': 'Say something', 'call.saydo': 'Say it',
  'cap.beep': 'beep', 'cap.error': 'An application error has occurred', 'cap.answered': 'answered', 'cap.ended': 'ended by the application', 'cap.hungup': 'hung up', 'cap.recording': 'recording', 'cap.connected': 'connected', 'cap.rejected': 'rejected', 'cap.dialling': 'dialling',
  'sound.captions': 'Captions only: there is no live sound for this call here.', 'sound.blocked': 'The browser waits for a click before it plays sound.', 'sound.on': 'Sound on', 'sound.denied': 'No microphone: you hear, and speak by text.', 'sound.insecure': 'The microphone needs localhost or TLS; you hear, and speak by text.',
  'sound.muted': 'Muted', 'sound.both': 'You hear and speak', 'sound.hear': 'You hear', 'sound.mic': 'Speak by microphone', 'sound.mute': 'Mute', 'sound.unmute': 'Unmute',

  'way.inbound': 'incoming', 'way.api': 'outgoing', 'way.dial': 'outgoing, dialled by a call', 'account.active': 'active', 'account.suspended': 'suspended', 'account.closed': 'closed',
  'rec.inprogress': 'in progress', 'rec.paused': 'paused', 'rec.processing': 'processing', 'rec.completed': 'completed', 'rec.absent': 'empty',

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

  // lists and forms
  'search': 'Search', 'choose': 'Choose one', 'undo': 'Undo', 'method': 'Method', 'texts': 'Texts', 'delete.sure': 'Delete it?',
  'delete.text': '{name} will be gone for good.', 'days': { one: '{n} day', other: '{n} days' },

  // numbers, applications, services
  'numbers.add': 'Add a number', 'numbers.add.hint': 'Any number: nobody has to be asked or paid.', 'numbers.none': 'No numbers',
  'numbers.none.text': 'A number says who is asked when somebody texts or calls it.', 'numbers.silent': 'asks nobody about texts', 'numbers.try': 'Try it',
  'numbers.noapp': 'No application', 'numbers.binhint': 'Your application, or one of the bins offered here.', 'numbers.sms': 'URL for texts',
  'numbers.smsfallback': 'Fallback URL for texts', 'numbers.smsapp': 'Application for texts', 'numbers.voice': 'URL for calls', 'numbers.voicefallback': 'Fallback URL for calls',
  'numbers.voiceapp': 'Application for calls', 'numbers.status': 'Status callback', 'apps.new': 'New application', 'apps.newname': 'New application',
  'apps.none': 'No applications', 'apps.none.text': 'An application holds webhooks that many numbers share.', 'apps.smsstatus': 'Status callback of texts',
  'services.new': 'New service', 'services.newname': 'New service', 'services.none': 'No messaging services',
  'services.none.text': 'A service sends from a pool of numbers, and takes their texts.', 'services.usenumber': 'Ask the webhook of the number that was texted',
  'services.validity': 'Validity, seconds', 'services.sticky': 'Sticky sender', 'services.smart': 'Smart encoding', 'services.senders': 'Senders',
  'services.remove': 'Remove {number}', 'services.nosenders': 'No senders yet: nothing can be sent.', 'services.add': 'Add sender', 'services.optout': 'Advanced opt-out',
  'services.optout.text': 'With it the application is told OptOutType when somebody writes STOP, START or HELP.',

  // recordings
  'rec.none': 'No recordings', 'rec.none.text': 'What <Record> or a recorded call keeps shows here.', 'rec.of': 'of call', 'rec.play': 'Play', 'rec.pause': 'Pause',
  'rec.seek': 'Position', 'rec.channels': { one: '{n} channel', other: '{n} channels' },

  // alerts
  'alerts.none': 'No alerts', 'alerts.none.text': 'What goes wrong with an application is collected here, by its code.', 'alerts.count': { one: '{n} alert', other: '{n} alerts' },
  'alerts.more': '{n} more', 'alerts.requests': 'Its requests', 'advice.11200': 'The application answered, but with an error status. Look at its own log for this request.',
  'advice.11202': 'Nobody listens at that address. Is the application running, and on this port?',
  'advice.11205': 'The connection did not come about or broke off. Check host, port and firewall; an address may also be refused by the guard.',
  'advice.11210': 'The name of the host leads nowhere. Check its spelling.',
  'advice.tls': 'The certificate is not trusted. Use http on your own machine, trust its authority with --trust, or switch the check off in the settings.',
  'advice.media': 'The media could not be fetched, or is of a kind or size that is not taken.',
  'advice.12100': 'The document is not well-formed XML. The inspector shows the very place.', 'advice.12101': 'The document does not begin with <Response>.',
  'advice.12200': 'An element or attribute is not right: what is wrong with it was ignored or replaced by its default.',
  'advice.12300': 'The answer has another Content-Type than TwiML: send text/xml.', 'advice.14103': 'The text is too long, or there is none.',
  'advice.14107': 'Replies go back and forth too fast: two programs seem to answer each other.', 'advice.number': 'The number that was dialled is not one.',
  'advice.15003': 'The status callback did not answer well. Nothing else depends on it.',

  // keys and accounts
  'keys.bykey': 'You signed in with an API key: keys and accounts are managed with the auth token.', 'keys.account': 'Account', 'keys.show': 'Show', 'keys.hide': 'Hide',
  'keys.keys': 'API keys', 'keys.keys.text': 'A program asks with a key of its own, which can be taken away by itself.', 'keys.name': 'Name of the key',
  'keys.create': 'Create a key', 'keys.made': 'The new key', 'keys.once': 'The secret is shown this once.', 'keys.secret': 'Secret', 'keys.delete': 'Delete key {name}',
  'keys.standard': 'Standard', 'keys.main': 'Main', 'keys.restricted': 'Restricted', 'keys.kind': 'Kind of key', 'keys.unnamed': 'Without a name',
  'keys.standard.text': 'It may do everything but manage accounts and keys.', 'keys.main.text': 'It may do all that the auth token may, accounts and keys included.', 'keys.restricted.text': 'It may do what is listed, and is refused everything else by name.',
  'keys.allow': 'What it may do', 'keys.allow.hint': 'A permission per line: /twilio/{product}/{resource}/{action}', 'keys.test': 'Test credentials', 'keys.test.make': 'Create them', 'keys.test.anew': 'Replace them', 'keys.test.gone': 'The test credentials are gone',
  'keys.test.text': 'A request with them is checked and answered as usual, the magic numbers too; nothing is sent, kept or called back.',
  'keys.subs': 'Subaccounts', 'keys.subs.text': 'Accounts of their own for customers or stages, which this one may act for.', 'keys.subname': 'Name of the subaccount',
  'keys.subcreate': 'Create a subaccount', 'keys.suspend': 'Suspend', 'keys.activate': 'Activate', 'keys.close': 'Close account', 'keys.closesure': 'Close this account?',
  'keys.close.text': '{name} can never be opened again.',

  // settings
  'set.account': 'Account', 'set.retry': 'Retries of status callbacks', 'set.retry.hint': 'A fragment of the URL such as #rc=2 goes before it.',
  'set.retry.twilio': 'As Twilio: once', 'set.retry.durable': 'Durable: for about a day', 'set.media': 'Media and recordings', 'set.media.open': 'Open by their URL',
  'set.media.basic': 'With credentials', 'set.media.hint': 'How their URLs answer who opens them.', 'set.pacing': 'Pace of sending', 'set.pacing.hint': 'Twilio sends one text per second from a long number.', 'set.pacing.off': 'As fast as it goes', 'set.pacing.on': 'As fast as Twilio',
  'set.debugger': 'Debugger webhook', 'set.debugger.hint': 'Is told every alert.', 'set.tls': 'Check certificates',
  'set.optout': 'Confirm STOP, START and HELP', 'clock': 'Clock', 'clock.real': 'Real', 'clock.virtual': 'Virtual',
  'clock.text': 'On the virtual clock no time passes but by order: a day of retries or ten minutes of a call take a moment. Calls have captions then, no sound.',
  'clock.by': 'By, seconds', 'clock.advance': 'Advance', 'clock.idle': 'Until nothing is due', 'clock.stopped': 'It is now {time}', 'house': 'This house',
  'house.text': 'As it was started; a flag, the environment or offhook.toml change it at the next start.', 'house.public': 'Public URL', 'house.guard': 'Guard',
  'house.local': 'Webhooks may reach this machine and its network', 'house.publicguard': 'Webhooks reach public addresses only', 'house.allow': 'Allowed besides',
  'house.maps': 'Map', 'house.speech': 'Speech', 'house.nospeech': 'none: what is said is silent, with captions', 'house.mp3': 'Recordings as MP3', 'house.nomp3': 'no: lame is not installed', 'house.log': 'Request log', 'house.seed': 'Seed file',
  'anew': 'Begin anew', 'anew.text': 'Back to the first start: messages, calls, webhooks and what was configured are gone.', 'anew.do': 'Reset the house',
  'anew.sure': 'Reset the house?', 'anew.done': 'The house is as at its first start',

  // calls
  'calls.none': 'No calls yet', 'calls.none.text': 'Call a number from the phone.', 'calls.choose': 'Its whole story will stand here.', 'calls.timeline': 'Timeline',
  'calls.legs': 'Legs', 'calls.parent': 'The call that made this one', 'calls.recordings': { one: '{n} recording', other: '{n} recordings' }, 'calls.all': 'All steps',
  'calls.nothing': 'Nothing yet', 'calls.nothing.text': 'What happens on the call comes here.', 'calls.tells': 'Status callbacks', 'calls.more': 'Show', 'calls.less': 'Hide',
  'calls.inspect': 'In the inspector', 'tl.ask': 'asks', 'tl.document': 'the answer, TwiML', 'tl.play': 'plays', 'tl.key': 'key', 'tl.record': 'records', 'tl.recorded': 'recorded', 'tl.said': 'says', 'tl.answered': 'answered',
  'tl.call': 'call', 'fork': 'Continue from here otherwise', 'fork.do': 'Fork the call',
  'fork.text': 'A new call lives the same up to this point, with the old answers; then your application is asked live.',
  'fork.done': 'The call goes on from there', 'fork.wrong': 'Keys are 0 to 9, A to D, * and #.', 'fork.nowhere': 'There is no point that this call could go on from.', 'fork.from': 'From', 'fork.instead': 'What happens there instead', 'fork.digits': 'Keys', 'fork.speech': 'Words', 'fork.hangup': 'Hang up', 'fork.nothing': 'Nothing',

  // fallbacks
  'inspect.failedfirst': 'Instead of {url}, which failed', 'inspect.fellback': 'Then the fallback was asked: {url}',
};
