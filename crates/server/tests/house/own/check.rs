//! Checking TwiML without keeping it, and what the codes mean.

use crate::support::open;

#[tokio::test]
async fn a_document_is_judged_where_it_is_wrong_and_nothing_is_kept() {
    let opened = open().await;
    let (_, before) = opened.call("GET", "/offhook/v1/Bins", &[]).await;
    for (form, valid, problems) in [
        (vec![("Twiml", "<Response><Say>Hi {{From}}</Say></Response>")], true, vec![]),
        (vec![("Twiml", "<Response>\n  <Say voise=\"x\">Hi</Say></Response>")], true, vec![(2, 8)]),
        (vec![("Twiml", "<Response><Say>Hi</Response>")], false, vec![(1, 18)]),
        // A bin answers both; a realm has its own verbs.
        (vec![("Twiml", "<Response><Message>Hi</Message></Response>")], true, vec![]),
        (
            vec![("Twiml", "<Response><Message>Hi</Message></Response>"), ("Realm", "voice")],
            true,
            vec![(1, 11)],
        ),
    ] {
        let (status, got) = opened.call("POST", "/offhook/v1/Check", &form).await;
        assert_eq!((status, got["valid"].as_bool()), (200, Some(valid)), "{form:?} {got}");
        let found: Vec<(i64, i64)> = got["problems"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| {
                (one["line"].as_i64().expect("a line"), one["column"].as_i64().expect("one"))
            })
            .collect();
        assert_eq!(found, problems, "{form:?} {got}");
        assert_eq!(got["rendered"].is_null(), !valid, "{got}");
    }
    let (_, after) = opened.call("GET", "/offhook/v1/Bins", &[]).await;
    assert_eq!(before["bins"], after["bins"]);
    opened.finish().await;
}

#[tokio::test]
async fn a_template_is_shown_with_sample_parameters_as_a_request_would_get_it() {
    let opened = open().await;
    let form = [
        ("Twiml", "<Response><Message>You wrote: {{Body}}</Message></Response>"),
        ("Parameter.Body", "<b>&"),
    ];
    let (_, got) = opened.call("POST", "/offhook/v1/Check", &form).await;
    let expected = "<Response><Message>You wrote: &lt;b&gt;&amp;</Message></Response>";
    assert_eq!(got["rendered"], expected);
    for (form, what) in [(vec![], "Twiml"), (vec![("Twiml", "x"), ("Realm", "mail")], "Realm")] {
        let (status, got) = opened.call("POST", "/offhook/v1/Check", &form).await;
        assert_eq!(status, 400, "{got}");
        assert!(got["message"].as_str().expect("a sentence").contains(what), "{got}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn how_the_house_was_started_is_shown_without_a_secret() {
    let opened = open().await;
    let (status, got) = opened.call("GET", "/offhook/v1/House", &[]).await;
    assert_eq!(status, 200, "{got}");
    assert_eq!((got["guard"].as_str(), got["speech"].as_str()), (Some("local"), Some("none")));
    assert_eq!(got["public_url"], opened.url);
    assert!(!got.to_string().contains(&opened.token));
    let (_, codes) = opened.call("GET", "/offhook/v1/Codes", &[]).await;
    let all = codes["codes"].as_array().expect("a list");
    let refused = all.iter().find(|one| one["code"] == 11202).expect("a known code");
    assert!(refused["title"].is_string() && refused["more_info"].is_string(), "{refused}");
    opened.finish().await;
}
