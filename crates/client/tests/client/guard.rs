//! The guard where it matters: at the address that is dialled (spec/webhooks.md 1.6, 7).

use std::net::IpAddr;

use client::{Client, Settings};
use exchange::webhooks::failure::Failure;
use exchange::webhooks::guard::Profile;

use crate::support::*;

fn with_hosts(profile: Profile, hosts: &[(&str, &str)]) -> Settings {
    let mut settings = settings(profile);
    settings.hosts = hosts
        .iter()
        .map(|(name, address)| ((*name).to_owned(), address.parse::<IpAddr>().expect("an address")))
        .collect();
    settings
}

async fn assert_refused(client: &Client, url: &str) {
    let outcome = post(client, url).await;
    assert!(matches!(failure(&outcome), Failure::Refused(_)), "{url}: {}", failure(&outcome));
    assert_eq!(failure(&outcome).code(), 11205);
    assert_eq!(outcome.attempts.len(), 1, "a refusal is not tried again");
}

#[tokio::test]
async fn every_spelling_of_a_private_address_is_refused_in_public() {
    let server = Server::start(|_, _| ok("reached")).await;
    let port = server.address.port();
    let client = Client::new(settings(Profile::Public)).expect("good settings");
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.64.0.1",
    ] {
        for userinfo in ["", "good.example@"] {
            assert_refused(&client, &format!("http://{userinfo}{host}:{port}/")).await;
        }
        assert_refused(&client, &format!("https://{host}:{port}/")).await;
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_local_house_reaches_itself_but_no_metadata_service() {
    let server = Server::start(|_, _| ok("reached")).await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]"] {
        let outcome = post(&client(), &format!("http://{host}:{port}/#ct=1000")).await;
        assert_eq!(body(&outcome), "reached", "{host}");
    }
    for host in ["169.254.169.254", "2852039166", "[fe80::1]", "[::ffff:169.254.169.254]"] {
        assert_refused(&client(), &format!("http://{host}/latest/meta-data/")).await;
    }
}

#[tokio::test]
async fn a_name_is_judged_by_the_address_it_leads_to() {
    let server = Server::start(|_, _| ok("reached")).await;
    let url = format!("http://rebound.example:{}/", server.address.port());
    let hosts = [("rebound.example", "127.0.0.1")];
    let public = Client::new(with_hosts(Profile::Public, &hosts)).expect("good settings");
    assert_refused(&public, &url).await;
    let outcome = post(&public, &url).await;
    assert!(failure(&outcome).to_string().contains("--allow 127.0.0.1/32"));
    assert!(failure(&outcome).to_string().contains("--guard local"));
    assert_eq!(server.connections(), 0);
    let local = Client::new(with_hosts(Profile::Local, &hosts)).expect("good settings");
    assert_eq!(body(&post(&local, &url).await), "reached");
    assert_eq!(server.seen()[0].header("Host"), Some(&url[7..url.len() - 1]));
}

#[tokio::test]
async fn of_several_addresses_only_the_permitted_are_dialled() {
    let server = Server::start(|_, _| ok("reached")).await;
    let hosts = [("two.example", "10.255.255.1"), ("Two.Example", "127.0.0.1")];
    let mut settings = with_hosts(Profile::Public, &hosts);
    settings.guard.allow.push("127.0.0.0/8".parse().expect("a range"));
    let client = Client::new(settings).expect("good settings");
    let url = format!("http://two.example:{}/", server.address.port());
    assert_eq!(body(&post(&client, &url).await), "reached");
}

#[tokio::test]
async fn an_unreachable_address_does_not_hide_the_next_one() {
    let server = Server::start(|_, _| ok("reached")).await;
    // Nobody listens on the port at 127.0.0.9: the server is bound to 127.0.0.1.
    let hosts = [("two.example", "127.0.0.9"), ("two.example", "127.0.0.1")];
    let client = Client::new(with_hosts(Profile::Local, &hosts)).expect("good settings");
    let url = format!("http://two.example:{}/#rc=0", server.address.port());
    assert_eq!(body(&post(&client, &url).await), "reached");
}

#[tokio::test]
async fn allow_lists_open_a_name_or_a_range() {
    let server = Server::start(|_, _| ok("reached")).await;
    let port = server.address.port();
    for (allow, host, reached) in [
        ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.0/8", "a.internal", true),
        ("a.internal", "a.internal", true),
        ("*.internal", "a.internal", true),
        ("*.internal", "127.0.0.1", false),
        ("10.0.0.0/8", "127.0.0.1", false),
    ] {
        let mut settings = with_hosts(Profile::Public, &[("a.internal", "127.0.0.1")]);
        settings.guard.allow.push(allow.parse().expect("valid"));
        let client = Client::new(settings).expect("good settings");
        let outcome = post(&client, &format!("http://{host}:{port}/")).await;
        assert_eq!(outcome.result.is_ok(), reached, "{allow} {host}");
    }
}

#[tokio::test]
async fn a_redirect_does_not_lead_past_the_guard() {
    let inside = Server::start(|_, _| ok("secret")).await;
    let port = inside.address.port();
    for location in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("//[::ffff:127.0.0.1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let outside =
            Server::start(move |_, _| answer(302, &format!("Location: {location}\r\n"), "")).await;
        let mut settings = with_hosts(Profile::Public, &[("app.example", "127.0.0.1")]);
        settings.guard.allow.push("app.example".parse().expect("a name"));
        let client = Client::new(settings).expect("good settings");
        let url = format!("http://app.example:{}/", outside.address.port());
        let outcome = post(&client, &url).await;
        assert!(matches!(failure(&outcome), Failure::Refused(_)), "{}", failure(&outcome));
        assert_eq!(outcome.attempts.len(), 2);
    }
    assert_eq!(inside.connections(), 0);
}
