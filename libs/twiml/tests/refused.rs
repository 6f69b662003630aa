//! What is refused as a whole, and where the problems of the rest stand.

use twiml::{
    ATTRIBUTES_MAX, DEPTH_MAX, DOCUMENT_BYTES_MAX, Document, NODES_MAX, PROBLEMS_MAX, Problem,
    Realm, Severity, parse,
};

fn refused(xml: &str) -> (u32, String, String) {
    match parse(xml, Realm::Voice) {
        Err(fatal) => (fatal.code, fatal.at.to_string(), fatal.message),
        Ok(_) => panic!("{xml:.200}"),
    }
}

fn read(xml: &str) -> (Document, Vec<Problem>) {
    parse(xml, Realm::Voice).unwrap_or_else(|fatal| panic!("{fatal} in {xml:.200}"))
}

#[test]
fn what_is_no_document_is_refused_with_code_and_place() {
    let declared = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    for (xml, code, at, message) in [
        ("", 12100, "1:1", "Premature end of file."),
        (" \n", 12100, "1:1", "Premature end of file."),
        ("Hello", 12100, "1:1", "Content is not allowed in prolog."),
        ("\n Hello", 12100, "2:2", "Content is not allowed in prolog."),
        ("{\"a\":1}", 12100, "1:1", "Content is not allowed in prolog."),
        (&format!("\u{feff}{declared}<Response/>"), 12100, "1:1", "Content is not allowed"),
        ("\u{feff}<Response/>", 12100, "1:1", "Content is not allowed in prolog."),
        (&format!(" {declared}<Response/>"), 12100, "1:1", "Content is not allowed in prolog."),
        (&format!("\r\n{declared}<Response/>"), 12100, "1:1", "Content is not allowed in prolog."),
        (&format!("<!-- a -->{declared}<Response/>"), 12100, "1:11", "The document is not well-"),
        ("<Response", 12100, "1:10", "XML document structures must start and end within"),
        ("<Response>", 12100, "1:11", "XML document structures must start and end within"),
        ("<Response><Say>x</Response>", 12100, "1:17", "The element type \"Say\" must be term"),
        ("<Response><Say>a & b</Say></Response>", 12100, "1:18", "The entity name must imm"),
        ("<Response><Say>a < b</Say></Response>", 12100, "1:19", "The document is not well-fo"),
        ("<Response><Say>&nbsp;</Say></Response>", 12100, "1:16", "The entity \"nbsp\" was ref"),
        ("<Response><Say loop=2>x</Say></Response>", 12100, "1:21", "The document is not well-"),
        ("<Response><Say loop='1' loop='2'/></Response>", 12100, "1:25", "Attribute \"loop\" was"),
        ("<Response><Say voice='<'/></Response>", 12100, "1:23", "The value of an attribute mus"),
        ("<Response/><Response/>", 12100, "1:12", "The document is not well-formed"),
        ("<Response/>\nbye", 12100, "2:1", "The document is not well-formed"),
        ("<!DOCTYPE Response><Response/>", 12100, "1:1", "DOCTYPE is not allowed."),
        (
            "<!DOCTYPE r [<!ENTITY a 'b'>]>\n<Response><Say>&a;</Say></Response>",
            12100,
            "1:1",
            "DOCTYPE is not allowed.",
        ),
        ("<Response><Say>\u{1}</Say></Response>", 12100, "1:16", "The document is not well-form"),
        ("<response/>", 12102, "1:1", "The root element must be 'Response', not 'response'."),
        ("\n <html></html>", 12102, "2:2", "The root element must be 'Response', not 'html'."),
        ("<Response version='3'/>", 12101, "1:11", "The version attribute of 'Response' is not"),
    ] {
        let (read_code, read_at, read_message) = refused(xml);
        assert_eq!((read_code, &*read_at), (code, at), "{xml}: {read_message}");
        assert!(read_message.starts_with(message), "{xml}: {read_message}");
    }
}

#[test]
fn what_is_unusual_but_a_document_is_read() {
    for xml in [
        "<Response/>",
        "\n  <Response></Response>\n",
        "<?xml version='1.0'?><!-- a --><Response/><!-- b -->",
        "<?xml version='1.0' encoding='UTF-8'?>\r\n<Response>\r\n</Response>",
        "<Response version='2010-04-01'/>",
        "<Response xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
         xsi:noNamespaceSchemaLocation='twiml.xsd'/>",
        "<Response><?php echo 1 ?></Response>",
    ] {
        assert_eq!(read(xml), (Document::new(), vec![]), "{xml}");
    }
    // A default namespace is that of the whole document; another one is another language.
    let (document, problems) = read("<Response xmlns='urn:a'><Leave/></Response>");
    assert_eq!((document.verbs.len(), problems.len()), (1, 0));
    let (document, problems) = read("<Response xmlns:b='urn:b'><b:Leave/></Response>");
    assert_eq!((document.verbs.len(), problems.len()), (0, 1));
}

#[test]
fn a_document_has_at_most_64_kib() {
    let of = |length: usize| format!("<Response>{}</Response>", " ".repeat(length - 21));
    read(&of(DOCUMENT_BYTES_MAX));
    let (code, at, message) = refused(&of(DOCUMENT_BYTES_MAX + 1));
    assert_eq!((code, &*at), (11750, "1:1"), "{message}");
    // Bytes count, not characters, and also of what could not be read anyway.
    assert_eq!(refused(&"ü".repeat(DOCUMENT_BYTES_MAX / 2 + 1)).0, 11750);
}

#[test]
fn bombs_are_refused() {
    let nested = |depth: usize| {
        let (open, close) = ("<p>".repeat(depth), "</p>".repeat(depth));
        format!("<Response><Say>{open}x{close}</Say></Response>")
    };
    assert!(parse(&nested(DEPTH_MAX - 2), Realm::Voice).is_ok());
    assert_eq!(refused(&nested(DEPTH_MAX - 1)).0, 12100);
    assert_eq!(refused(&nested(9000)).0, 12100);
    assert_eq!(refused(&"<a>".repeat(DOCUMENT_BYTES_MAX / 3)).0, 12100);

    let many = |count: usize| format!("<Response>{}</Response>", "<a/>".repeat(count));
    assert!(parse(&many(NODES_MAX - 2), Realm::Voice).is_ok());
    assert_eq!(refused(&many(NODES_MAX)).0, 12100);

    let wide = |count: usize| {
        let attributes: String = (0..count).map(|n| format!(" a{n}=''")).collect();
        format!("<Response{attributes}/>")
    };
    assert!(parse(&wide(ATTRIBUTES_MAX), Realm::Voice).is_ok());
    assert_eq!(refused(&wide(ATTRIBUTES_MAX + 1)).0, 12100);
}

#[test]
fn problems_are_as_many_as_are_kept() {
    let xml = format!("<Response>{}</Response>", "<a/>".repeat(PROBLEMS_MAX + 1));
    assert_eq!(read(&xml).1.len(), PROBLEMS_MAX);
}

#[test]
fn problems_come_in_the_order_of_the_text_with_line_and_column() {
    let xml = "<?xml version=\"1.0\"?>\n\
               <Response lang=\"en\">\n\
               \t<say>ünï</say> stray\n\
               \t<Gather timeout=\"x\" numDigits='0'>\n\
               \u{20}\u{20}<!-- ü --> <Dial/>\n\
               </Gather>\n\
               <Connect></Connect></Response>";
    let shown: Vec<String> = read(xml).1.iter().map(ToString::to_string).collect();
    let sessions = "Stream, ConversationRelay, ConversationRelaySession, VirtualAgent, Room, \
                    Conversation, Assistant, AiSession, Autopilot";
    let expected = [
        "2:11 warning 12200: Attribute 'lang' is not allowed to appear in element 'Response'.",
        "3:2 warning 12200: Invalid content was found starting with element 'say'. One of \
         '{Connect, Dial, Echo, Enqueue, Gather, Hangup, Leave, Pause, Pay, Play, Prompt, Queue, \
         Record, Redirect, Refer, Reject, Say, Sms, Start, Stop}' is expected.",
        "3:17 warning 12200: Element 'Response' cannot have character [children], because the \
         type's content type is element-only.",
        "4:10 warning 13313: The value 'x' of attribute 'timeout' on element 'Gather' is not \
         valid: it must be a whole number, 1 or more.",
        "4:22 warning 13314: The value '0' of attribute 'numDigits' on element 'Gather' is not \
         valid: it must be a whole number, 1 or more.",
        "5:14 warning 13320: Invalid content was found starting with element 'Dial'. One of \
         '{Say, Play, Pause}' is expected.",
        &format!(
            "7:1 warning 12200: The content of element 'Connect' is not complete. One of \
             '{{{sessions}}}' is expected."
        ),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn verbs_know_where_they_stood() {
    let (document, _) =
        read("<Response>\n <Leave/> <Pause/>\n<Foo/>\r\n\r\n<Say>ü</Say><Echo/></Response>");
    let places: Vec<String> = document.verbs.iter().map(|node| node.at.to_string()).collect();
    assert_eq!(places, ["2:2", "2:11", "5:1", "5:13"]);
    assert_eq!(Document::new().leave().verbs[0].at.to_string(), "0:0");
}

#[test]
fn a_code_has_the_level_of_the_dictionary() {
    for (xml, severity) in [
        ("<Enqueue method='x'>q</Enqueue>", Severity::Error),
        ("<Record recordingStatusCallbackEvent='x'/>", Severity::Error),
        ("<Redirect>a b</Redirect>", Severity::Error),
        ("<Redirect method='x'>a</Redirect>", Severity::Warning),
        ("<Foo/>", Severity::Warning),
    ] {
        let (_, problems) = read(&format!("<Response>{xml}</Response>"));
        assert_eq!(problems[0].severity, severity, "{xml}");
    }
}

#[test]
fn a_text_is_not_repeated_at_length() {
    let xml = format!("<Response><Pause length='{}'/></Response>", "9".repeat(60_000));
    assert!(read(&xml).1[0].message.len() < 400);
}
