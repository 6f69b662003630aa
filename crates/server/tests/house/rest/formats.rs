//! The 2010 API in XML, and its lists as tables.

use super::{ask_as, create, of_account};
use crate::asker::{self, Got};
use crate::support::{NUMBER, Opened, PERSON, open};

async fn ask(opened: &Opened, method: &str, path: &str, form: &[(&str, &str)]) -> (Got, String) {
    let got = opened.ask(method, &format!("/2010-04-01/Accounts/{{AC}}/{path}"), form).await;
    let kind = got.head.lines().find_map(|line| line.strip_prefix("content-type: "));
    let kind = kind.unwrap_or_default().to_owned();
    (got, kind)
}

const XML: &str = "application/xml;charset=utf-8";
const CSV: &str = "text/csv;charset=utf-8";

#[tokio::test]
async fn messages_are_made_fetched_and_listed_as_xml() {
    let opened = open().await;
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "a < b & \"c\"")];
    let (made, kind) = ask(&opened, "POST", "Messages.xml", &form).await;
    assert_eq!((made.status, kind.as_str()), (201, XML));
    let text = made.text();
    let document = text.strip_prefix("<?xml version='1.0' encoding='UTF-8'?>\n").expect("XML");
    assert!(document.starts_with("<TwilioResponse><Message>"), "{document}");
    assert!(document.contains("<Body>a &lt; b &amp; &quot;c&quot;</Body>"), "{document}");
    opened.quiet().await;
    let sid = opened.messages()[0].sid;
    let (one, _) = ask(&opened, "GET", &format!("Messages/{sid}.xml"), &[]).await;
    for part in [
        format!("<Sid>{sid}</Sid>"),
        "<NumSegments>1</NumSegments>".into(),
        "<ErrorCode/>".into(),
        format!("<Uri>/2010-04-01/Accounts/{}/Messages/{sid}</Uri>", opened.sid),
        format!(
            "<SubresourceUris><Feedback>/2010-04-01/Accounts/{}/Messages/{sid}/Feedback</Feedback>",
            opened.sid
        ),
    ] {
        assert!(one.text().contains(&part), "{part}: {}", one.text());
    }
    create(&opened, "Messages", &[("To", PERSON), ("From", NUMBER), ("Body", "2")]).await;
    let (list, _) = ask(&opened, "GET", "Messages.xml", &[("PageSize", "1")]).await;
    let list = list.text();
    let next = format!("/2010-04-01/Accounts/{}/Messages.xml?PageSize=1&amp;Page=1", opened.sid);
    for part in ["<Messages ", " page=\"0\"", " pagesize=\"1\"", &format!(" nextpageuri=\"{next}")]
    {
        assert!(list.contains(part), "{part}: {list}");
    }
    assert_eq!(list.matches("<Message>").count(), 1);
    // Who asks for it in Accept gets it, too; without an ending it is JSON else.
    let auth = asker::basic(opened.sid.as_str(), &opened.token);
    let path = format!("/2010-04-01/Accounts/{}/Messages", opened.sid);
    for (accept, begins) in
        [("application/xml", "<?xml"), ("text/xml", "<?xml"), ("*/*", "{"), ("text/html", "{")]
    {
        let headers = format!("{auth}Accept: {accept}\r\n");
        let request = asker::request("GET", &path, &headers, b"");
        let got = asker::exchange(&opened.url, &request).await.expect("an answer");
        assert!(got.text().starts_with(begins), "{accept}: {}", got.text());
    }
    opened.finish().await;
}

#[tokio::test]
async fn every_resource_has_its_xml_and_errors_have_theirs() {
    let opened = open().await;
    for (path, begins) in [
        ("IncomingPhoneNumbers.xml", "<IncomingPhoneNumbers "),
        ("Calls.xml", "<Calls "),
        ("Recordings.xml", "<Recordings "),
        ("Messages/SM1.xml", "<RestException><Code>20404</Code>"),
        ("Nothing.xml", "<RestException><Code>20404</Code>"),
    ] {
        let (got, kind) = ask(&opened, "GET", path, &[]).await;
        assert!(
            got.text().contains(&format!("<TwilioResponse>{begins}")),
            "{path}: {}",
            got.text()
        );
        assert_eq!(kind, XML, "{path}");
    }
    let account = format!("/2010-04-01/Accounts/{}.xml", opened.sid);
    assert!(opened.ask("GET", &account, &[]).await.text().contains("<Account><AuthToken>"));
    let path = "/2010-04-01/Accounts/{AC}/Messages.xml";
    let stranger = ask_as(&opened, ("", ""), ("GET", path), &[]).await;
    assert_eq!(stranger.status, 401);
    assert!(stranger.text().contains("<Code>20003</Code>"), "{}", stranger.text());
    assert!(stranger.head.contains("www-authenticate: Basic"), "{}", stranger.head);
    opened.finish().await;
}

#[tokio::test]
async fn a_list_is_a_table_and_what_is_none_is_not() {
    let opened = open().await;
    for body in ["one", "two, \"quoted\"\nand more"] {
        create(&opened, "Messages", &[("To", PERSON), ("From", NUMBER), ("Body", body)]).await;
    }
    opened.quiet().await;
    let (table, kind) = ask(&opened, "GET", "Messages.csv", &[]).await;
    assert_eq!((table.status, kind.as_str()), (200, CSV));
    let text = table.text();
    let names = "AccountSid,ApiVersion,Body,DateCreated,DateSent,DateUpdated,Direction,ErrorCode,\
                 ErrorMessage,From,MessagingServiceSid,NumMedia,NumSegments,Price,PriceUnit,Sid,\
                 Status,To,Uri\r\n";
    assert!(text.starts_with(names), "{text}");
    assert!(
        text.contains(",\"two, \"\"quoted\"\"\nand more\",") && text.contains(",one,"),
        "{text}"
    );
    let (page, _) = ask(&opened, "GET", "Messages.csv", &[("PageSize", "1")]).await;
    let next = page.head.lines().find_map(|line| line.strip_prefix("link: <")).expect("a link");
    let next = next.split('>').next().expect("its end").to_owned();
    let second = opened.ask("GET", &next, &[]).await.text();
    assert!(second.contains(",one,") && !second.contains("quoted"), "{second}");
    let sid = opened.messages()[0].sid;
    assert_eq!(ask(&opened, "GET", &format!("Messages/{sid}.csv"), &[]).await.0.status, 404);
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "no")];
    assert_eq!(ask(&opened, "POST", "Messages.csv", &form).await.0.status, 404);
    assert_eq!(opened.messages().len(), 2);
    let (status, list) = opened.call("GET", &of_account("Messages"), &[]).await;
    assert_eq!((status, list["messages"].as_array().map(Vec::len)), (200, Some(2)));
    opened.finish().await;
}
