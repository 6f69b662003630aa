// Español. Cada clave está en todos los idiomas; una prueba los compara.

/** @type {Record<string, string | Record<string, string>>} */
export const es = {
  // en todas partes
  'close': 'Cerrar', 'cancel': 'Cancelar', 'save': 'Guardar', 'saved': 'Guardado', 'delete': 'Eliminar', 'none': 'Ninguno', 'again': 'Reintentar', 'send': 'Enviar',
  'copy.do': 'Copiar', 'copy.done': 'Copiado', 'waiting': 'Esperando', 'number': 'Número', 'base': 'URL base', 'back': 'Volver', 'create': 'Crear', 'name': 'Nombre',
  'skip': 'Ir al contenido', 'language': 'Idioma', 'signout': 'Cerrar sesión ({name})', 'loading': 'Cargando', 'yes': 'Sí', 'no': 'No',
  'theme.auto': 'del sistema', 'theme.light': 'claro', 'theme.dark': 'oscuro', 'theme.now': 'Tema: {name}',
  'live.on': 'En directo', 'live.off': 'Conectando…', 'live.virtual': 'En directo, reloj virtual',
  'nav.rooms': 'Secciones', 'nav.short': 'Accesos directos', 'nav.more': 'Más',
  'group.live': 'Lo que ocurre', 'group.build': 'Lo que responde', 'group.house': 'La casa',
  'room.first': 'Inicio', 'room.phone': 'Teléfono', 'room.inspector': 'Inspector', 'room.calls': 'Llamadas', 'room.alerts': 'Alertas', 'room.bins': 'Bins', 'room.numbers': 'Números',
  'room.services': 'Servicios de mensajes', 'room.applications': 'Aplicaciones', 'room.recordings': 'Grabaciones', 'room.keys': 'Claves y cuentas', 'room.settings': 'Ajustes',
  'broken.title': 'Esta sección ha fallado', 'broken.text': 'El resto de la consola sigue funcionando.', 'lost.title': 'No existe esa sección', 'lost.text': 'Elige una en la navegación.',
  'segments': { one: '{n} segmento', other: '{n} segmentos' },
  'code.page': 'Sobre este código', 'answer.empty': 'Una respuesta vacía',

  // entrada
  'signin.title': 'Entrar en Offhook', 'signin.how': 'Con lo que el servidor mostró al arrancar. En la misma máquina, esta orden da un enlace que abre la sesión:',
  'signin.sid': 'Account SID', 'signin.token': 'Auth token', 'signin.do': 'Entrar', 'signin.wrong': 'La casa no conoce este SID con este token.',
  'signin.failed': 'La casa no respondió como se esperaba. Inténtalo otra vez.', 'signin.used': 'Ese enlace ya se usó: cada uno sirve una sola vez.',

  // primer minuto
  'first.lead': 'Este número responde. Escríbele y mira lo que verá tu aplicación.', 'first.send': 'Escribirle', 'first.here': 'La respuesta llega aquí.',
  'first.why': 'Eres +12025550199, una persona con un teléfono.', 'first.phone': 'Abrir el teléfono', 'first.how': 'Ver la petición y su respuesta', 'first.silent': 'No hubo respuesta. El motivo está aquí:',
  'first.none': 'Todavía no hay números', 'first.none.text': 'Primero dale un número a la casa:', 'first.code': 'Lo mismo, desde tu propio código', 'first.what': 'Qué hace el código', 'first.language': 'Lenguaje de programación',
  'first.answer': 'Responder', 'first.sendcode': 'Enviar', 'first.point': 'Cuando esté en marcha, haz que el número le pregunte: {url}', 'first.pointdo': 'Apuntar el número ahí', 'first.pointed': 'El número pregunta ahora a tu aplicación',
  'first.bin': 'El bin que crea responde sin ningún programa tuyo. Úsalo para un número en', 'first.lately': 'Lo último', 'first.all': 'Todos los webhooks',

  // teléfono
  'phone.add': 'Añadir un teléfono', 'phone.adddo': 'Añadir', 'phone.address': 'Número o dirección', 'phone.address.hint': 'Cualquier dirección que no sea de una cuenta: +12025550123, client:alice, sip:alice@example.com, whatsapp:+12025550123',
  'phone.of': 'Teléfono {address}', 'phone.behaviour': 'Cómo se comporta este teléfono', 'phone.remove': 'Guardar el teléfono {address}', 'phone.side': 'Lado del teléfono', 'phone.texts': 'Mensajes', 'phone.dial': 'Teclado',
  'phone.with': 'El otro número', 'phone.quiet': 'Aún no hay mensajes', 'phone.quiet.text': 'Escribe a {peer} o llámalo.', 'phone.conversation': 'Mensajes con {peer}', 'phone.text': 'Mensaje de texto', 'phone.media': 'Adjuntar un archivo por su URL', 'phone.nomedia': 'Sin archivo',
  'media.attach': 'Adjuntar archivos', 'media.choose': 'Elegir archivos', 'media.how': 'o suéltalos o pégalos aquí: {n} archivos de hasta {most}', 'media.list': 'Archivos adjuntos', 'media.bylink': 'Un archivo en otro lugar, por su URL',
  'media.attached': '{name} está adjunto', 'media.remove': 'Quitar {name}', 'media.toobig': 'Ocupa {size}: el máximo es {most}', 'media.failed': 'No se puede mostrar aquí', 'media.picture': 'Imagen de {from}', 'media.audio': 'Audio de {from}', 'media.video': 'Vídeo de {from}',
  'phone.callnow': 'Llamar a {peer}', 'phone.left': 'quedan {n}', 'phone.pad': 'Teclas', 'phone.number': 'Número al que llamar', 'phone.past': 'Llamadas recientes',
  'phone.oncall': 'Cuando lo llaman', 'phone.after': 'Contesta a los (segundos)', 'phone.lines': 'Llamadas a la vez', 'phone.onmessage': 'Cuando le escriben', 'phone.deliverafter': 'Entrega a los (segundos)', 'phone.error': 'Código de error',
  'phone.profile': 'Nombre en WhatsApp', 'phone.readafter': 'Lee a los (segundos)', 'phone.readafter.hint': 'Vacío: no lee nada por sí solo.', 'phone.window': 'Respetar la ventana de 24 horas', 'phone.window.hint': 'Lo que se envía pasadas 24 horas desde el último mensaje de la persona falla con 63016.', 'phone.read': 'Marcar como leído', 'mood.window': 'Ventana de 24 horas',
  'mood.ring': 'Suena', 'mood.answer': 'Contesta solo', 'mood.busy': 'Ocupado', 'mood.noanswer': 'Nadie contesta', 'mood.reject': 'Rechaza', 'mood.machine': 'Contestador', 'mood.unreachable': 'Sin cobertura',
  'mood.deliver': 'Lo recibe', 'mood.undelivered': 'Mensajes sin entregar', 'mood.fail': 'Los mensajes fallan', 'mood.silent': 'Mensajes sin acuse',
  'say.call': 'Llamada entrante para {to} de {from}', 'say.text': 'Mensaje de {from}: {body}',
  'sms.accepted': 'aceptado', 'sms.scheduled': 'programado', 'sms.queued': 'en cola', 'sms.sending': 'enviando', 'sms.sent': 'enviado', 'sms.delivered': 'entregado', 'sms.undelivered': 'sin entregar', 'sms.failed': 'fallido', 'sms.canceled': 'cancelado', 'sms.receiving': 'recibiendo', 'sms.received': 'recibido', 'sms.read': 'leído',
  'call.queued': 'En cola', 'call.ringing': 'Sonando', 'call.inprogress': 'En curso', 'call.completed': 'Terminada', 'call.busy': 'Ocupado', 'call.noanswer': 'Sin respuesta', 'call.failed': 'Fallida', 'call.canceled': 'Cancelada',
  'call.incoming': 'Llamada entrante', 'call.more': { one: 'y {n} llamada más', other: 'y {n} llamadas más' }, 'call.reject': 'Rechazar', 'call.answer': 'Contestar', 'call.keys': 'Teclado', 'call.hangup': 'Colgar', 'call.done': 'Guardar', 'call.again': 'Volver a llamar', 'call.timeline': 'Cronología',
  'call.captions': 'Subtítulos', 'call.say': 'Di algo', 'call.saydo': 'Decirlo',
  'cap.beep': 'pitido', 'cap.error': 'Se ha producido un error de la aplicación', 'cap.answered': 'contestada', 'cap.ended': 'la aplicación terminó la llamada', 'cap.hungup': 'colgó', 'cap.recording': 'grabando', 'cap.connected': 'conectada', 'cap.rejected': 'rechazada', 'cap.dialling': 'marcando',
  'sound.captions': 'Solo subtítulos: aquí no hay sonido en directo de esta llamada.', 'sound.blocked': 'El navegador espera un clic antes de sonar.', 'sound.on': 'Activar sonido', 'sound.denied': 'Sin micrófono: oyes, y hablas por texto.', 'sound.insecure': 'El micrófono necesita localhost o TLS; oyes, y hablas por texto.',
  'sound.muted': 'Silenciado', 'sound.both': 'Oyes y hablas', 'sound.hear': 'Oyes', 'sound.mic': 'Hablar por el micrófono', 'sound.mute': 'Silenciar', 'sound.unmute': 'Activar el micrófono',

  'way.inbound': 'entrante', 'way.api': 'saliente', 'way.dial': 'saliente, marcada por una llamada', 'account.active': 'activa', 'account.suspended': 'suspendida', 'account.closed': 'cerrada',
  'rec.inprogress': 'en curso', 'rec.paused': 'en pausa', 'rec.processing': 'procesando', 'rec.completed': 'terminada', 'rec.absent': 'vacía',

  // webhooks
  'hook.waiting': 'En espera', 'hook.running': 'En marcha', 'hook.done': 'Hecho', 'hook.failed': 'Fallido', 'hook.dead': 'Abandonado',

  // inspector
  'inspect.count': { one: '{n} webhook', other: '{n} webhooks' }, 'inspect.search': 'Buscar URL, parámetros, respuestas…', 'inspect.kind': 'Tipo', 'inspect.all': 'Todos',
  'inspect.asks': 'Preguntas', 'inspect.tells': 'Avisos', 'inspect.ask': 'Pregunta', 'inspect.tell': 'Aviso', 'inspect.status': 'Estado', 'inspect.any': 'Estado: todos',
  'inspect.troubled': 'Con problemas', 'inspect.nothing': 'Nada parecido', 'inspect.empty': 'Aún no hay webhooks',
  'inspect.empty.text': 'Escribe o llama a un número: cada petición a tu aplicación aparece aquí en cuanto se hace.', 'inspect.detail': 'El webhook elegido',
  'inspect.choose': 'Elige un webhook', 'inspect.choose.text': 'Las flechas recorren la lista.', 'inspect.replayed': 'Enviado otra vez', 'inspect.late': 'tarde',
  'inspect.replay': 'Repetir', 'inspect.edit': 'Editar y repetir', 'inspect.curl': 'Copiar como curl', 'inspect.compare': 'Comparar', 'inspect.marked': 'Marcado como A',
  'inspect.pick': 'Elige ahora otro webhook de la lista: los dos quedarán lado a lado.', 'inspect.answer': 'Respuesta',
  'inspect.cut': 'La respuesta es más larga que lo que se guarda de ella.', 'inspect.answerheaders': 'Cabeceras de la respuesta',
  'inspect.noanswer': 'No llegó ninguna respuesta.', 'inspect.parameters': 'Parámetros', 'inspect.attempt': 'La petición', 'inspect.attempts': 'Peticiones, una tras otra',
  'inspect.signature': 'Firma', 'inspect.headers': 'Cabeceras de la petición', 'inspect.token': 'Token de idempotencia', 'inspect.fallback': 'URL de reserva',
  'inspect.call': 'Su llamada', 'inspect.notyet': 'Aún no se ha enviado.', 'inspect.connect': 'conectada en {time}', 'inspect.firstbyte': 'primer byte a los {time}',
  'inspect.addparam': 'Añadir un parámetro', 'inspect.compared': { one: '{n} parámetro distinto', other: '{n} parámetros distintos' }, 'value': 'Valor',
  'why.first': 'primera petición', 'why.redirect': 'redirigida', 'why.retry': 'reintento', 'why.auth': 'con credenciales', 'why.fallback': 'reserva',
  'sign.none': 'Esta petición no se firmó.',
  'sign.how': 'HMAC-SHA1 con el auth token, en base64, de la URL seguida de cada parámetro del cuerpo, nombre y valor, ordenados por nombre:', 'sign.computed': 'Calculada aquí',
  'sign.same': 'la misma', 'sign.other': 'no es este texto',

  // bins
  'bins.new': 'Bin nuevo', 'bins.newname': 'Bin nuevo', 'bins.search': 'Buscar bins', 'bins.version': 'Versión {n}', 'bins.none': 'No hay bins',
  'bins.none.text': 'Un bin es TwiML que sirve la casa: una respuesta sin aplicación.', 'bins.choose': 'Elige un bin',
  'bins.choose.text': 'O crea uno nuevo: puede responder mensajes y llamadas.', 'bins.use': 'Usar en un número…', 'bins.access': 'Acceso', 'bins.open': 'Todos',
  'bins.signed': 'Peticiones firmadas', 'bins.editor': 'TwiML del bin', 'bins.clean': 'Todo correcto', 'bins.fatal': 'No se puede guardar: de aquí no sale ningún documento.',
  'bins.complete': 'completa', 'bins.savekey': 'guarda', 'bins.completions': 'Sugerencias', 'bins.sides': 'Vista previa o versiones', 'bins.preview': 'Vista previa',
  'bins.versions': 'Versiones', 'bins.samples': 'Con estos parámetros una petición recibiría:', 'bins.nopreview': 'Sin vista previa: el documento está roto.',
  'bins.current': 'actual', 'bins.restore': 'Restaurar', 'bins.restored': 'La versión {n} vuelve a ser la actual', 'bins.delete': '¿Eliminar este bin?',
  'bins.delete.text': '{name} y sus versiones desaparecerán. Los números que le preguntan quedarán sin respuesta.', 'bins.fortexts': 'para mensajes',
  'bins.forcalls': 'para llamadas', 'bins.usedo': 'Usarlo', 'bins.used': 'El número responde con este bin',
  'bins.use.text': 'El número preguntará a este bin en lugar de a quien pregunta ahora.',

  // listas y formularios
  'search': 'Buscar', 'choose': 'Elige uno', 'undo': 'Deshacer', 'method': 'Método', 'texts': 'Mensajes', 'delete.sure': '¿Eliminar?',
  'delete.text': '{name} desaparecerá para siempre.', 'days': { one: '{n} día', other: '{n} días' },

  // números, aplicaciones, servicios
  'numbers.add': 'Añadir un número', 'numbers.add.hint': 'Cualquier número: no hay que pedirlo ni pagarlo.', 'numbers.none': 'No hay números',
  'numbers.none.text': 'Un número dice a quién se pregunta cuando alguien le escribe o llama.', 'numbers.silent': 'no pregunta a nadie por los mensajes',
  'numbers.try': 'Probarlo', 'numbers.noapp': 'Sin aplicación', 'numbers.binhint': 'Tu aplicación, o uno de los bins que se ofrecen aquí.', 'numbers.sms': 'URL para mensajes',
  'numbers.smsfallback': 'URL de reserva para mensajes', 'numbers.smsapp': 'Aplicación para mensajes', 'numbers.voice': 'URL para llamadas',
  'numbers.voicefallback': 'URL de reserva para llamadas', 'numbers.voiceapp': 'Aplicación para llamadas', 'numbers.status': 'URL de estado', 'apps.new': 'Aplicación nueva',
  'apps.newname': 'Aplicación nueva', 'apps.none': 'No hay aplicaciones', 'apps.none.text': 'Una aplicación reúne webhooks que comparten muchos números.',
  'apps.smsstatus': 'URL de estado de los mensajes', 'services.new': 'Servicio nuevo', 'services.newname': 'Servicio nuevo', 'services.none': 'No hay servicios de mensajes',
  'services.none.text': 'Un servicio envía desde un grupo de números y recibe sus mensajes.', 'services.usenumber': 'Preguntar al webhook del número que recibió el mensaje',
  'services.validity': 'Validez, segundos', 'services.sticky': 'Mismo remitente para cada persona', 'services.smart': 'Codificación inteligente', 'services.senders': 'Remitentes',
  'services.remove': 'Quitar {number}', 'services.nosenders': 'Sin remitentes: no se puede enviar nada.', 'services.add': 'Añadir remitente', 'services.optout': 'Bajas avanzadas',
  'services.optout.text': 'Con ello se informa a la aplicación con OptOutType cuando alguien escribe STOP, START o HELP.',

  // grabaciones
  'rec.none': 'No hay grabaciones', 'rec.none.text': 'Aquí aparece lo que guarda <Record> o una llamada grabada.', 'rec.of': 'de la llamada', 'rec.play': 'Reproducir',
  'rec.pause': 'Pausar', 'rec.seek': 'Posición', 'rec.channels': { one: '{n} canal', other: '{n} canales' },

  // alertas
  'alerts.none': 'No hay alertas', 'alerts.none.text': 'Lo que falla en una aplicación se reúne aquí, por su código.', 'alerts.count': { one: '{n} alerta', other: '{n} alertas' },
  'alerts.more': '{n} más', 'alerts.requests': 'Sus peticiones', 'advice.11200': 'La aplicación respondió, pero con un estado de error. Mira en su propio registro esta petición.',
  'advice.11202': 'Nadie escucha en esa dirección. ¿Está la aplicación en marcha, y en ese puerto?',
  'advice.11205': 'La conexión no se estableció o se cortó. Revisa host, puerto y cortafuegos; también puede negarla la guarda.',
  'advice.11210': 'El nombre del host no lleva a ninguna parte. Revisa cómo está escrito.',
  'advice.tls': 'El certificado no es de confianza. Usa http en tu máquina, confía en su autoridad con --trust o desactiva la comprobación en los ajustes.',
  'advice.media': 'El archivo no se pudo obtener, o su tipo o tamaño no se acepta.', 'advice.12100': 'El documento no es XML bien formado. El inspector muestra el lugar exacto.',
  'advice.12101': 'El documento no empieza con <Response>.', 'advice.12200': 'Un elemento o atributo no es correcto: se ignoró o se reemplazó por su valor por defecto.',
  'advice.12300': 'La respuesta tiene otro Content-Type que TwiML: envía text/xml.', 'advice.14103': 'El texto es demasiado largo, o no hay texto.',
  'advice.14107': 'Las respuestas van y vienen demasiado rápido: parece que dos programas se contestan.', 'advice.number': 'El número marcado no lo es.',
  'advice.15003': 'El aviso de estado no respondió bien. Nada más depende de él.',

  // claves y cuentas
  'keys.bykey': 'Entraste con una clave de API: las claves y cuentas se gestionan con el auth token.', 'keys.account': 'Cuenta', 'keys.show': 'Mostrar', 'keys.hide': 'Ocultar',
  'keys.keys': 'Claves de API', 'keys.keys.text': 'Cada programa pregunta con su propia clave, que se puede retirar por separado.',
  'keys.name': 'Nombre de la clave', 'keys.create': 'Crear una clave', 'keys.made': 'La clave nueva', 'keys.once': 'El secreto se muestra solo esta vez.',
  'keys.secret': 'Secreto', 'keys.delete': 'Eliminar la clave {name}', 'keys.standard': 'Estándar', 'keys.main': 'Principal', 'keys.restricted': 'Restringida', 'keys.kind': 'Tipo de clave', 'keys.unnamed': 'Sin nombre',
  'keys.standard.text': 'Puede hacerlo todo salvo gestionar cuentas y claves.', 'keys.main.text': 'Puede lo mismo que el auth token, también con cuentas y claves.', 'keys.restricted.text': 'Puede lo que está en la lista; lo demás se rechaza y se dice qué permiso falta.',
  'keys.allow': 'Qué puede hacer', 'keys.allow.hint': 'Un permiso por línea: /twilio/{product}/{resource}/{action}', 'keys.test': 'Credenciales de prueba', 'keys.test.make': 'Crearlas', 'keys.test.anew': 'Reemplazarlas', 'keys.test.gone': 'Las credenciales de prueba ya no existen',
  'keys.test.text': 'Con ellas una petición se comprueba y se responde como siempre, también con los números mágicos; no se envía, guarda ni avisa nada.',
  'keys.subs': 'Subcuentas',
  'keys.subs.text': 'Cuentas propias para clientes o entornos, por las que esta puede actuar.', 'keys.subname': 'Nombre de la subcuenta', 'keys.subcreate': 'Crear una subcuenta',
  'keys.suspend': 'Suspender', 'keys.activate': 'Activar', 'keys.close': 'Cerrar cuenta', 'keys.closesure': '¿Cerrar esta cuenta?',
  'keys.close.text': '{name} no se podrá volver a abrir.',

  // ajustes
  'set.account': 'Cuenta', 'set.retry': 'Reintentos de los avisos de estado', 'set.retry.hint': 'Un fragmento de la URL como #rc=2 va por delante.',
  'set.retry.twilio': 'Como Twilio: una vez', 'set.retry.durable': 'Duradero: durante un día', 'set.media': 'Archivos y grabaciones', 'set.media.open': 'Abiertos por su URL',
  'set.media.basic': 'Con credenciales', 'set.media.hint': 'Cómo responden sus URL a quien las abre.', 'set.pacing': 'Ritmo de envío', 'set.pacing.hint': 'Twilio envía un mensaje por segundo desde un número largo.', 'set.pacing.off': 'Tan rápido como se pueda', 'set.pacing.on': 'Tan rápido como Twilio',
  'set.debugger': 'Webhook del depurador', 'set.debugger.hint': 'Recibe cada alerta.', 'set.tls': 'Comprobar certificados',
  'set.optout': 'Confirmar STOP, START y HELP', 'clock': 'Reloj', 'clock.real': 'Real', 'clock.virtual': 'Virtual',
  'clock.text': 'Con el reloj virtual el tiempo solo pasa cuando se ordena: un día de reintentos o diez minutos de llamada duran un instante. Las llamadas tienen entonces subtítulos, sin sonido.',
  'clock.by': 'Segundos', 'clock.advance': 'Avanzar', 'clock.idle': 'Hasta que no quede nada', 'clock.stopped': 'Ahora son las {time}', 'house': 'Esta casa',
  'house.text': 'Tal como arrancó; una opción, el entorno u offhook.toml lo cambian en el próximo arranque.', 'house.public': 'URL pública', 'house.guard': 'Guarda',
  'house.local': 'Los webhooks pueden llegar a esta máquina y su red', 'house.publicguard': 'Los webhooks solo llegan a direcciones públicas', 'house.allow': 'Permitido además',
  'house.maps': 'Mapa', 'house.speech': 'Voz', 'house.nospeech': 'ninguna: lo dicho es silencio, con subtítulos', 'house.mp3': 'Grabaciones en MP3', 'house.nomp3': 'no: lame no está instalado', 'house.log': 'Registro de peticiones',
  'house.seed': 'Archivo de semilla', 'anew': 'Empezar de nuevo', 'anew.text': 'Vuelta al primer arranque: mensajes, llamadas, webhooks y lo configurado desaparecen.',
  'anew.do': 'Reiniciar la casa', 'anew.sure': '¿Reiniciar la casa?', 'anew.done': 'La casa está como en su primer arranque',

  // llamadas
  'calls.none': 'Aún no hay llamadas', 'calls.none.text': 'Llama a un número desde el teléfono.', 'calls.choose': 'Aquí estará toda su historia.', 'calls.timeline': 'Cronología',
  'calls.legs': 'Tramos', 'calls.parent': 'La llamada que hizo esta', 'calls.recordings': { one: '{n} grabación', other: '{n} grabaciones' }, 'calls.all': 'Todos los pasos',
  'calls.nothing': 'Nada todavía', 'calls.nothing.text': 'Aquí aparece lo que ocurre en la llamada.', 'calls.tells': 'Avisos de estado', 'calls.more': 'Ver',
  'calls.less': 'Ocultar', 'calls.inspect': 'En el inspector', 'tl.ask': 'pregunta', 'tl.document': 'la respuesta, TwiML', 'tl.play': 'reproduce', 'tl.key': 'tecla',
  'tl.record': 'graba', 'tl.recorded': 'grabado', 'tl.said': 'dice', 'tl.answered': 'contestada', 'tl.call': 'llamada', 'fork': 'Continuar desde aquí de otro modo', 'fork.do': 'Bifurcar la llamada',
  'fork.text': 'Una llamada nueva vive lo mismo hasta este punto, con las respuestas de antes; después se pregunta a tu aplicación en vivo.',
  'fork.done': 'La llamada continúa desde ahí', 'fork.wrong': 'Las teclas son de 0 a 9, de A a D, * y #.', 'fork.nowhere': 'No hay ningún punto desde el que esta llamada pueda continuar.', 'fork.from': 'Desde', 'fork.instead': 'Qué pasa ahí en su lugar', 'fork.digits': 'Teclas', 'fork.speech': 'Palabras', 'fork.hangup': 'Colgar', 'fork.nothing': 'Nada',

  // reservas
  'inspect.failedfirst': 'En lugar de {url}, que falló', 'inspect.fellback': 'Después se preguntó a la reserva: {url}',
};
